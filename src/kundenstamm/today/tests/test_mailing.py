"""The morning mail: for whom, when, with what, and that it is noted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kundenstamm.customers.models import Contact
from kundenstamm.guard.models import AuditEntry
from kundenstamm.today import actions, jobs, mailing
from kundenstamm.today.models import Wish

# A Wednesday, six in the morning in Berlin; the customers are served since long before.
MORNING = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def wished(people, ahorn, birke):
    def wish(who="Anna", *, names=False, mail=True):
        told = {"morning_mail": mail, "names_customers": names}
        return actions.wish(180, actor=people[who], at=MORNING, **told)

    return wish


@pytest.mark.parametrize(
    ("at", "due"),
    [(MORNING, True), (MORNING - HOUR, False), (MORNING + 12 * HOUR, True),
     (MORNING + 3 * 24 * HOUR, False)],
)  # fmt: skip
def test_from_six_on_a_working_day(wished, people, at, due):
    wished()
    assert mailing.due(at=at) == ([people["Anna"]] if due else [])


def test_not_for_who_does_not_wish_it_is_locked_or_does_not_record(wished, people):
    wished("Anna", mail=False)
    for name, change in (("Bernd", {"is_active": False}), ("Greta", {"role": "controller"})):
        wished(name)
        type(people[name]).objects.filter(pk=people[name].pk).update(**change)
    assert mailing.due(at=MORNING) == []


def test_once_a_day_without_names_and_noted(wished, people, ahorn, mailoutbox):
    wished()
    for _again in range(2):
        jobs.mail_mornings(int(MORNING.timestamp()))
    [mail] = mailoutbox
    assert mail.to == ["anna@example.com"]
    assert "NrAhorn (15 min)" in mail.body
    assert f"/customers/{ahorn.key}/" in mail.body
    assert "Mitbewerber" not in mail.body
    assert "Birke" not in mail.subject + mail.body
    [noted] = AuditEntry.objects.filter(what="morning-mail")
    assert (noted.actor, noted.customers, noted.channel) == (
        people["Anna"].pk, [ahorn.pk], "job",
    )  # fmt: skip
    jobs.mail_mornings(int((MORNING + 24 * HOUR).timestamp()))
    assert len(mailoutbox) == 2


def test_names_and_reasons_only_where_they_are_wanted(wished, mailoutbox):
    wished(names=True)
    jobs.mail_mornings(int(MORNING.timestamp()))
    assert "Ahorn" in mailoutbox[0].body
    assert "Vor 3 Tagen wurde ein Mitbewerber gesehen." in mailoutbox[0].body


@pytest.mark.parametrize(
    ("objections", "said"),
    [([], ""), ([""], ""), (["all"], "Do not call"), (["advertising", "all"], "Do not call"),
     (["all", ""], "the page says with whom")],
)  # fmt: skip
def test_an_objection_is_told_without_a_name(wished, ahorn, people, mailoutbox, objections, said):
    people["Anna"].language = "en"
    people["Anna"].save()
    for n, objection in enumerate(objections):
        Contact.objects.create(customer=ahorn, name=f"Frau {n}", objection=objection, is_main=not n)
    wished(names=True)
    jobs.mail_mornings(int(MORNING.timestamp()))
    body = mailoutbox[0].body
    assert said in body
    assert ("objected" in body) is bool(said)
    assert "Frau" not in body


def test_one_that_is_not_taken_is_tried_again(wished, people, mailoutbox, monkeypatch):
    wished()

    def broken(*_):
        raise OSError("no route")

    with monkeypatch.context() as patch:
        patch.setattr(mailing, "send_mail", broken)
        assert mailing.send(people["Anna"], at=MORNING) is False
    assert Wish.objects.get().mailed_on is None
    assert mailing.send(people["Anna"], at=MORNING) is True


def test_an_empty_day_is_no_mail(wished, people, mailoutbox):
    wished("Hanno")
    assert mailing.send(people["Hanno"], at=MORNING) is False
    assert (mailoutbox, Wish.objects.get().mailed_on is None) == ([], False)
