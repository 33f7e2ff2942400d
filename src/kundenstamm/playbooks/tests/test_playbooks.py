"""Who keeps, starts and stops playbooks, and what is refused."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from kundenstamm.care.models import Task
from kundenstamm.customers.models import Link
from kundenstamm.guard.models import AuditEntry
from kundenstamm.guard.rights import Forbidden
from kundenstamm.playbooks import rules
from kundenstamm.playbooks.actions import (
    Draft,
    keep_playbook,
    start,
    stop,
    switch_off,
    switch_on,
)
from kundenstamm.playbooks.models import Play, Playbook
from kundenstamm.playbooks.proposals import PROPOSALS
from kundenstamm.playbooks.tests.conftest import AT, CALL, as_the_site, served

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["Anna", "Greta", "Hanno", "Emil", "Ida"])
def test_only_who_keeps_the_company_keeps_playbooks(kept, people, who):
    book, by = kept(), {"actor": people[who], "at": AT}
    for deed in (
        lambda: keep_playbook("new", "", CALL, **by),
        lambda: switch_on(book, **by),
        lambda: switch_off(book, **by),
    ):
        with pytest.raises(Forbidden):
            deed()


@pytest.mark.parametrize(
    ("stage", "link", "steps"),
    [
        ("parted", "", CALL), ("nonsense", "", CALL), ("new", "nonsense", CALL), ("new", "", ()),
        ("new", "", CALL * 11), ("new", "", [Draft("x" * 301, "service", 1)]),
        ("new", "", [Draft("x", "service", 367)]), ("new", "", [Draft("x", "nobody", 1)]),
        ("new", "", [Draft(" ", "service", 1)]), ("new", "", [Draft("x", "person", 1)]),
    ],
)  # fmt: skip
def test_what_is_no_playbook_is_refused(people, stage, link, steps):
    with pytest.raises(ValidationError), transaction.atomic():
        keep_playbook(stage, link, steps, actor=people["Frieda"], at=AT)
    assert not Playbook.objects.exists()


def test_a_step_is_given_to_nobody_who_does_not_record(people):
    with pytest.raises(ValidationError, match=r"Doris"), transaction.atomic():
        keep_playbook(
            "new", "", [Draft("x", "person", 1, people["Doris"])], actor=people["Frieda"], at=AT
        )


@pytest.mark.parametrize("who", ["Bernd", "Doris", "Emil", "Ida", "Hanno"])
def test_who_may_not_record_or_know_starts_none(kept, entering, ahorn, people, who):
    book = kept()
    entering("new", ahorn)
    with pytest.raises(Forbidden):
        start(ahorn, book, actor=people[who], at=AT)


def test_starting_and_stopping_by_hand_is_kept_with_the_reason(kept, entering, ahorn, people):
    book, by = kept("lost"), {"actor": people["Anna"], "at": AT}
    entering("new", ahorn)
    with as_the_site(people["Anna"]):
        made = start(ahorn, book, **by)
    with pytest.raises(ValidationError):
        start(ahorn, book, **by)
    for wrong in ("", "  "):
        with pytest.raises(ValidationError):
            stop(made, wrong, **by)
    with as_the_site(people["Anna"]):
        assert stop(made, "Sie  baut um", **by) == 2
    found = Play.objects.get()
    assert (found.end, found.open("because")) == ("stopped", "Sie baut um")
    assert set(Task.objects.values_list("outcome", flat=True)) == {"dropped"}
    with pytest.raises(ValidationError):
        stop(made, "Noch einmal", **by)
    noted = AuditEntry.objects.filter(what="playbooks_play", customers=[ahorn.pk])
    assert {entry.kind for entry in noted} == {"insert", "update"}


def test_what_cannot_start_says_why(kept, entering, ahorn, people):
    by = {"actor": people["Anna"], "at": AT}
    with pytest.raises(ValidationError):  # without a stage
        start(ahorn, kept(), **by)
    entering("new", ahorn)
    for book in (kept("lost", on=None), kept("lost", link=Link.AGENT)):
        with pytest.raises(ValidationError):
            start(ahorn, book, **by)
    assert not Play.objects.exists()


def test_the_database_lets_one_play_run_at_a_time(kept, entering, ahorn, people):
    book, by = kept(), {"actor": people["Anna"], "at": AT}
    entering("new", ahorn)
    made = start(ahorn, book, **by)
    made.pk, made.key = None, "00000000-0000-4000-8000-000000000001"
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)


def test_others_see_none_of_it(kept, entering, codes, people):
    birke = served("Birke", (codes["Bernd"], -9, None))
    book = kept()
    entering("new", birke)
    start(birke, book, actor=people["Bernd"], at=AT)
    with as_the_site(people["Anna"]):
        assert not Play.objects.exists()
    assert not Play.objects.visible_to(people["Anna"]).exists()


def test_proposals_are_whole_and_differ_for_a_dealer_and_an_end_customer():
    for stage in rules.STAGES:
        dealer, end = (PROPOSALS[stage, link] for link in (Link.DEALER, Link.END_CUSTOMER))
        assert {each.msgid for each in dealer}.isdisjoint(each.msgid for each in end), stage
    for steps in PROPOSALS.values():
        assert 1 <= len(steps) <= rules.MOST_STEPS
        days = [each.due_days for each in steps]
        assert days == sorted(days)
        with translation.override("de"):
            assert all(each.what != each.msgid for each in steps)
