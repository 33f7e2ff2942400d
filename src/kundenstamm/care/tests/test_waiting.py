"""What the navigation counts: notes that speak to somebody, complaints that were escalated."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kundenstamm.care.complaint_actions import answer, open_complaint, solve
from kundenstamm.care.mentioning import see, unseen
from kundenstamm.care.models import Complaint
from kundenstamm.care.tests.conftest import AT
from kundenstamm.care.waiting import Waiting, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def escalated(recorded, people):
    happened = recorded(kind="complaint")
    made = open_complaint(happened, actor=people["Anna"], at=AT)
    Complaint.objects.update(escalated_at=AT)
    made.refresh_from_db()
    return made


def test_one_statement_counts_all_that_waits(
    recorded, escalated, people, django_assert_num_queries
):
    recorded(note="@Frieda, bitte")
    recorded(note="@Frieda, noch etwas")
    with django_assert_num_queries(1):
        assert waiting(people["Frieda"]) == Waiting(mentions=2, escalated=1)
    assert waiting(people["Anna"]) == Waiting(mentions=0, escalated=1)


def test_who_may_not_know_is_told_of_nothing(escalated, people):
    for name in ("Bernd", "Emil"):
        assert waiting(people[name]) == Waiting()


def test_what_was_seen_or_solved_waits_no_more(recorded, escalated, people):
    recorded(note="@Frieda, bitte")
    see(unseen(people["Frieda"]).get().key, actor=people["Frieda"], at=AT)
    answer(escalated, "Bis morgen.", actor=people["Anna"], at=AT)
    solve(escalated, "Ersetzt.", actor=people["Anna"], at=AT)
    assert waiting(people["Frieda"]) == Waiting()


def test_the_navigation_shows_both_and_the_account_leads_to_the_day(
    recorded, escalated, people, client
):
    recorded(note="@Frieda, bitte")
    client.force_login(people["Frieda"])
    page = client.get(reverse("account"))
    assert tuple(page.context["waiting"]) == (1, 1)
    assert page.content.decode().count('class="chip new"') == 1
    assert reverse("today") + "#day" in page.content.decode()
    client.force_login(people["Doris"])
    assert reverse("today") + "#day" not in client.get(reverse("account")).content.decode()
