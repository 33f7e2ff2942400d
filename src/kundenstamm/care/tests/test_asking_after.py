"""A solved complaint is asked about, once, and what comes of it is no answer to anything else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from kundenstamm.care import complaint_actions
from kundenstamm.care.answering import Answer, answer, asked_by
from kundenstamm.care.asking_after import ask_after, asked_after, wish
from kundenstamm.care.models import Complaint, Survey
from kundenstamm.care.survey_actions import Question, ask
from kundenstamm.care.survey_figures import satisfaction
from kundenstamm.care.survey_mailing import mail_waiting
from kundenstamm.care.tests.conftest import AT
from kundenstamm.care.tests.test_asking_many import MINUTE, contact
from kundenstamm.care.tests.test_surveys import by_nobody
from kundenstamm.customers.tests.conftest import as_the_site
from kundenstamm.guard.rights import Forbidden

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mails(settings):
    settings.MAIL_HOST = "mail.example.com"


@pytest.fixture
def anna(people):
    return {"actor": people["Anna"], "at": AT}


@pytest.fixture
def complaint(ahorn, recorded, anna):
    """The one who complained speaks English; the main contact German."""
    contact(ahorn, is_main=True, language="de")
    who = contact(ahorn, mailed="e@example.com", language="en")
    return complaint_actions.open_complaint(recorded("complaint", contact=who), **anna)


@pytest.fixture
def solved(complaint, anna):
    complaint_actions.solve(complaint, "Ersetzt", **anna)
    return Complaint.objects.get(pk=complaint.pk)


def test_whoever_complained_is_asked_in_their_language(solved, people, anna):
    with as_the_site(people["Anna"]):
        made = ask_after(solved, **anna)
    assert (made.complaint, made.language) == (solved, "en")
    assert mail_waiting(actor=people["Frieda"], at=AT + MINUTE) == 1
    (sent,) = mail.outbox
    assert sent.to == ["e@example.com"]
    assert "complaint" in sent.body
    token = re.search(r"/feedback/([\w-]+)/", sent.body)[1]
    assert by_nobody(AT + MINUTE, lambda: asked_by(token)).handling
    assert by_nobody(AT + MINUTE, lambda: answer(token, Answer(2)))
    assert asked_after(people["Anna"], solved).score == 2
    # How a complaint was handled is not whether one is recommended.
    found = satisfaction(people["Anna"], AT + timedelta(days=1))
    assert (found.asked, found.answered) == (0, 0)


def test_the_wish_is_kept_until_it_is_solved(complaint, people, anna):
    with as_the_site(people["Anna"]):
        wish(complaint, True, **anna)
    assert Complaint.objects.get().asks_after
    complaint_actions.solve(complaint, "Ersetzt", **anna)
    with pytest.raises(ValidationError):
        wish(complaint, False, **anna)


def test_it_is_asked_about_once_and_only_when_solved(complaint, anna):
    with pytest.raises(ValidationError):
        ask_after(complaint, **anna)
    complaint_actions.solve(complaint, "Ersetzt", **anna)
    ask_after(complaint, **anna)
    with pytest.raises(ValidationError):
        ask_after(complaint, **anna)


def test_who_objected_is_passed_over_and_nobody_is_asked_without_an_address(solved, ahorn, anna):
    ahorn.contacts.filter(language="en").update(objection="advertising")
    made = ask_after(solved, **anna)
    assert (made.contact.language, made.language) == ("de", "de")
    Survey.objects.all().delete()
    ahorn.contacts.update(objection="all")
    with pytest.raises(ValidationError):
        ask_after(solved, **anna)
    assert not Survey.objects.exists()


def test_who_was_asked_lately_is_left_alone(solved, ahorn, anna):
    ask(ahorn, Question(), **anna)
    with pytest.raises(ValidationError):
        ask_after(solved, **anna)


def test_a_complaint_opened_again_meanwhile_is_not_asked_about(solved, people, anna):
    ask_after(solved, **anna)
    complaint_actions.reopen(solved, "Wieder kaputt", **anna)
    assert mail_waiting(actor=people["Frieda"], at=AT + MINUTE) == 0
    assert asked_after(people["Anna"], solved) is None


@pytest.mark.parametrize("who", ["Bernd", "Emil"])
def test_others_neither_wish_nor_ask(complaint, people, who):
    for deed in (lambda **by: wish(complaint, True, **by), lambda **by: ask_after(complaint, **by)):
        with pytest.raises(Forbidden):
            deed(actor=people[who], at=AT)
