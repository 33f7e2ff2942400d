"""Satisfaction on pages: asked, answered without signing in, read by whoever knows the customer."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kundenstamm.care.models import Survey
from kundenstamm.customers.models import Contact, Customer
from kundenstamm.guard.people import hashed
from kundenstamm.kit.postgres.roles import APP
from kundenstamm.lifecycle.models import Estimate, ValuationRun
from kundenstamm.today.models import Preparation

AT = timezone.now()


@pytest.fixture(autouse=True)
def _behind_both_walls(settings, db):
    settings.DATABASE_WALL_ROLE = APP
    cache.clear()


def leave_the_site():
    """In a test the request's transaction is within the test's, and its role outlives it."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


@pytest.fixture
def ahorn(frieda):
    return Customer.objects.create(number="K1", name="Bäcker Ahorn", created_at=AT)


@pytest.fixture
def contact(ahorn):
    made = Contact(customer=ahorn, name="Frau Ahorn")
    made.put("email", "ahorn@example.com")
    made.save()
    return made


@pytest.fixture
def people(ahorn, serving):
    return serving(ahorn)


@pytest.fixture
def anna(client, people):
    client.force_login(people["Anna"])
    return client


@pytest.fixture
def link(anna, ahorn):
    answer = anna.post(reverse("ask-satisfaction", args=[ahorn.key]), {"language": "en"})
    return re.search(r"/feedback/[\w-]+/", answer.content.decode())[0]


def test_the_page_of_a_link_tells_nothing_of_the_customer(link):
    page = Client().get(link)
    words = page.content.decode()
    assert page.status_code == 200
    assert '<html lang="en">' in words
    assert "What should we do better?" in words
    assert "Ahorn" not in words
    assert "<script" not in words
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]
    assert not page.cookies


def test_an_answer_by_the_link_stands_on_the_customers_page(link, anna, ahorn):
    outside = Client(enforce_csrf_checks=True)
    done = outside.post(link, {"score": "3", "said": "Zu spät", "remark": "<b>Rückruf</b>"})
    assert "Thank you" in done.content.decode()
    page = anna.get(reverse("customer", args=[ahorn.key]))
    assert page.context["service"]["last"]["of"].score == 3
    assert "&lt;b&gt;Rückruf&lt;/b&gt;" in page.content.decode()
    assert "Gab 3 von 10" in page.content.decode()
    listed = anna.get(reverse("satisfaction"))
    assert [row["of"].customer for row in listed.context["rows"]] == [ahorn]
    assert "1 Antwort: zu wenige" in listed.content.decode()
    assert "You gave 3 of 10" in outside.get(link).content.decode()


def test_who_does_not_know_the_customer_asks_and_reads_nothing(link, ahorn, people):
    Client().post(link, {"score": "3", "said": "Zu spät"})
    leave_the_site()
    bernd = Client()
    bernd.force_login(people["Bernd"])
    survey = Survey.objects.get()
    assert not bernd.get(reverse("satisfaction")).context["rows"]
    for route, keys in (
        ("ask-satisfaction", [ahorn.key]),
        ("revoke-survey", [ahorn.key, survey.key]),
    ):
        assert bernd.post(reverse(route, args=keys), {"language": "de"}).status_code == 404


def test_links_that_are_none_answer_all_the_same(link, anna, ahorn):
    leave_the_site()
    survey = Survey.objects.get()
    other = Client()
    unknown = other.get(reverse("feedback", args=["x" * 43]))
    anna.post(reverse("revoke-survey", args=[ahorn.key, survey.key]))
    revoked = other.get(link)
    forged = other.post(link[:-3] + "zz/", {"score": "3"})
    leave_the_site()
    over = {"open_until": AT - timedelta(1), "asked_at": AT - timedelta(2)}
    digest = hashed(link.split("/")[2])
    assert Survey.objects.update(revoked_at=None, token_hash=digest, **over) == 1
    over = other.get(link)
    assert {each.status_code for each in (unknown, revoked, forged, over)} == {404}
    assert len({each.content for each in (unknown, revoked, forged, over)}) == 1


@pytest.mark.parametrize("score", ["", "11", "-1", "x"])
def test_what_is_no_number_of_the_scale_is_asked_again(link, score):
    answer = Client().post(link, {"score": score, "said": "So lala"})
    assert answer.status_code == 422
    assert "So lala" in answer.content.decode()
    leave_the_site()
    assert Survey.objects.get().score is None


def test_links_are_not_searched_for(link):
    outside = Client(REMOTE_ADDR="203.0.113.7")
    codes = [outside.get(reverse("feedback", args=["y" * 43])).status_code for _n in range(61)]
    assert codes == [404] * 60 + [429]
    assert Client(REMOTE_ADDR="203.0.113.8").get(link).status_code == 200


def test_asked_twice_says_when_it_may_be_again(link, anna, ahorn):
    again = anna.post(reverse("ask-satisfaction", args=[ahorn.key]), {"language": "de"})
    assert "wurde schon gefragt" in again.content.decode()
    assert Survey.objects.count() == 1
    assert "Kann ab" in anna.get(reverse("customer", args=[ahorn.key])).content.decode()


def test_the_link_goes_by_mail_in_the_customers_language(anna, ahorn, contact, settings):
    settings.MAIL_HOST = "mail.example.com"
    told = {"language": "en", "by_mail": "on"}
    path = reverse("ask-satisfaction", args=[ahorn.key])
    assert "Mailadresse" in anna.post(path, told).content.decode()
    page = anna.post(path, told | {"contact": contact.pk})
    (sent,) = mail.outbox
    assert sent.to == ["ahorn@example.com"]
    assert "how satisfied" in sent.body
    assert re.search(r"/feedback/[\w-]+/", sent.body)[0] in page.content.decode()
    assert "ahorn@example.com" not in page.content.decode()


def test_many_are_asked_from_the_list_and_told_who_is_left_out(anna, ahorn, contact, settings):
    told = {"act": "ask", "customer": str(ahorn.key), "list": ""}
    confirm = reverse("bulk-confirm")
    assert anna.get(confirm, told).status_code == 403  # no mail server, nothing to confirm
    settings.MAIL_HOST = "mail.example.com"
    page = anna.get(confirm, told)
    assert "Kunden fragen, wie zufrieden er ist?" in page.content.decode()
    assert page.context["left_out"] == []
    sent = {"act": "ask", "customers": str(ahorn.key), "list": ""}
    anna.post(reverse("bulk-do"), sent)
    waiting = Survey.objects.get()
    assert (waiting.by_mail, waiting.language, waiting.token_hash) == (True, "de", "")
    assert (
        "die Mail ist unterwegs" in anna.get(reverse("customer", args=[ahorn.key])).content.decode()
    )
    assert "in den letzten 90 Tagen gefragt" in " ".join(
        anna.get(confirm, told).context["left_out"]
    )
    again = anna.post(reverse("bulk-do"), sent, follow=True)
    assert "Keiner davon kann jetzt gefragt werden" in again.content.decode()


@pytest.mark.parametrize(
    ("expected", "of"), [(1000, "A"), (999, "B"), (None, "C"), ("nothing", "–")]
)
def test_the_score_is_split_by_value_class(anna, link, ahorn, frieda, expected, of):
    Client().post(link, {"score": "9"})
    leave_the_site()
    by = {"as_of": AT.date(), "actor": frieda, "made_at": AT}
    run = ValuationRun.objects.create(**by, finished_at=AT, customers=1)
    if expected != "nothing":
        Preparation.objects.create(**by, run=run, whole=True, steps=0, least_a=1000, least_b=100)
        told = {"stage": "regular", "expected_contribution": expected, "rank": 1}
        Estimate.objects.create(run=run, customer=ahorn, **told)
    page = anna.get(reverse("satisfaction"))
    (part,) = page.context["classes"]
    assert (part.of, part.score.answers, part.score.net) == (of, 1, None)
    assert "zu wenige" in page.content.decode()
