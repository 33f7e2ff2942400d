"""Many asked at once: who is, in which language, who is left out; mailed by the job, undone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from kundenstamm.care import asking_many
from kundenstamm.care.answering import Answer, answer
from kundenstamm.care.models import Survey
from kundenstamm.care.survey_actions import Question, ask
from kundenstamm.care.survey_mailing import mail_waiting
from kundenstamm.care.tests.conftest import AT
from kundenstamm.care.tests.test_surveys import by_nobody
from kundenstamm.company.queries import profile
from kundenstamm.customers import bulk
from kundenstamm.customers.models import BulkAct, Contact
from kundenstamm.customers.tests.conftest import as_the_site, served
from kundenstamm.guard.rights import Forbidden

pytestmark = pytest.mark.django_db
ASK, MINUTE = BulkAct.Kind.ASK, timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _mails(settings):
    settings.MAIL_HOST = "mail.example.com"


def contact(customer, mailed="c@example.com", **told):
    made = Contact(customer=customer, name="C", **told)
    made.put("email", mailed)
    made.save()
    return made


@pytest.fixture
def several(codes, people):
    """Anna's: one in German, one in French, one without an address, one who objects, one asked."""
    told = {"De": {}, "Fr": {"language": "fr"}, "None": {"mailed": ""},
            "No": {"objection": "advertising"}, "Lately": {}}  # fmt: skip
    found = {name: served(name, (codes["Anna"], -9, None)) for name in told}
    for name, about in told.items():
        contact(found[name], is_main=True, **about)
    ask(found["Lately"], Question(), actor=people["Anna"], at=AT)
    return found


def ask_all(several, people, who="Anna"):
    ids = [each.pk for each in several.values()]
    with as_the_site(people[who]):
        return bulk.do_to_all(ASK, ids, {}, actor=people[who], at=AT)


def test_who_can_be_asked_is_in_their_language(several, people):
    anna, ids = people["Anna"], [each.pk for each in several.values()]
    counts = bulk.left_out(ASK, ids, actor=anna, at=AT)
    assert counts == {"nobody": 2, "asked": 1}
    act = ask_all(several, people)
    assert act.customers == 2
    waiting = Survey.objects.filter(by_mail=True).order_by("customer__name")
    assert [(each.customer.name, each.language, each.token_hash) for each in waiting] == [
        ("De", "de", ""), ("Fr", "en", ""),
    ]  # fmt: skip
    assert mail.outbox == []
    assert ask_all(several, people) is None


def test_the_job_mails_each_once_and_its_link_answers(several, people):
    ask_all(several, people)
    told = {"actor": people["Frieda"], "at": AT + MINUTE}
    assert (mail_waiting(**told), mail_waiting(**told)) == (2, 0)
    german, english = sorted(mail.outbox, key=lambda each: "satisfied" in each.body)
    assert "zufrieden" in german.body
    token = re.search(r"/feedback/([\w-]+)/", english.body)[1]
    assert by_nobody(AT + MINUTE, lambda: answer(token, Answer(9)))
    found = Survey.objects.get(score=9)
    assert (found.customer.name, found.mailed_at) == ("Fr", AT + MINUTE)


def test_what_may_not_be_sent_any_more_is_revoked(several, people):
    ask_all(several, people)
    several["De"].contacts.update(objection="all")
    several["Fr"].assignments.all().delete()
    assert mail_waiting(actor=people["Frieda"], at=AT + MINUTE) == 0
    assert Survey.objects.filter(by_mail=True, revoked_at=AT + MINUTE).count() == 2
    assert mail.outbox == []


def test_a_mail_server_that_fails_is_tried_again(several, people, monkeypatch):
    ask_all(several, people)
    told = {"actor": people["Frieda"], "at": AT + MINUTE}

    def refuse(*_args, **_options):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("kundenstamm.care.survey_mailing.send_mail", refuse)
        assert mail_waiting(**told) == 0
    assert not Survey.objects.exclude(mailed_at=None).exists()
    assert mail_waiting(**told) == 2


def test_undoing_ends_what_nobody_answered(several, people):
    act = ask_all(several, people)
    mail_waiting(actor=people["Frieda"], at=AT + MINUTE)
    english = next(each for each in mail.outbox if "satisfied" in each.body)
    token = re.search(r"/feedback/([\w-]+)/", english.body)[1]
    by_nobody(AT + MINUTE, lambda: answer(token, Answer(9)))
    undone = bulk.undo(act, actor=people["Anna"], at=AT + 2 * MINUTE)
    assert (undone.back, [each.customer.name for each in undone.left]) == (1, ["Fr"])
    ended = Survey.objects.get(by_mail=True, answered_at=None)
    assert (ended.customer.name, ended.token_hash) == ("De", "")
    # The one that somebody asked by hand before is not touched.
    assert Survey.objects.get(customer=several["Lately"]).revoked_at is None
    states = asking_many.states(people["Anna"], [each.pk for each in several.values()], AT)
    assert states[several["De"].pk] == asking_many.FREE


def test_after_the_companys_days_one_may_be_asked_again(several, people):
    later = AT + timedelta(days=profile().survey_days)
    states = asking_many.states(people["Anna"], [several["Lately"].pk], later)
    assert states == {several["Lately"].pk: asking_many.FREE}


def test_nobody_asks_for_others_or_without_a_mail_server(several, people, settings):
    for who in ("Bernd", "Emil"):
        with pytest.raises(Forbidden):
            ask_all(several, people, who)
    settings.MAIL_HOST = ""
    assert not bulk.may_do(people["Anna"], ASK)
    with pytest.raises(ValidationError):
        ask_all(several, people)
    assert not Survey.objects.filter(by_mail=True).exists()
