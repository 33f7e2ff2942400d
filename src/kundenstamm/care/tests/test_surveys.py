"""Satisfaction: asked once in a while, answered by the link alone, revoked, ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import given as drawn
from hypothesis import strategies as st

from kundenstamm.care import survey_actions as actions
from kundenstamm.care.answering import CORRECTABLE, Answer, answer, asked_by
from kundenstamm.care.models import Survey
from kundenstamm.care.survey_actions import OPEN, Question
from kundenstamm.care.survey_figures import satisfaction
from kundenstamm.care.tests.conftest import AT
from kundenstamm.company.queries import profile
from kundenstamm.customers.models import Contact
from kundenstamm.guard.acting import Way, name_actor
from kundenstamm.guard.models import AuditEntry
from kundenstamm.guard.rights import Forbidden
from kundenstamm.kit.postgres.roles import APP
from kundenstamm.worth.promoters import score

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def asked(people, ahorn):
    """Ahorn is asked by Anna: the survey and its token."""
    return actions.ask(ahorn, Question("en"), actor=people["Anna"], at=AT)


def by_nobody(at, deed):
    """As behind the link: in the site's role, on nobody's behalf."""
    with transaction.atomic():
        name_actor(None, at=at, way=Way("probe", AuditEntry.Channel.PAGE))
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {APP}")
            found = deed()
            cursor.execute("RESET ROLE")
    return found


def test_nobody_writes_the_one_answer_of_the_link(asked, people, ahorn):
    survey, token = asked
    assert survey.question == profile().survey_question_en
    assert by_nobody(AT, lambda: asked_by(token)).question == survey.question
    assert by_nobody(AT, lambda: Survey.objects.count()) == 0
    assert by_nobody(AT + DAY, lambda: answer(token, Answer(3, "Too late", "Call me")))
    survey.refresh_from_db()
    assert (survey.score, survey.answered_at, survey.corrected_at) == (3, AT + DAY, None)
    assert (survey.open("said"), survey.open("remark")) == ("Too late", "Call me")
    assert "Too late" not in survey.said
    noted = AuditEntry.objects.filter(what="care_survey").latest("pk")
    assert (noted.actor, noted.customers, noted.channel) == (None, [ahorn.pk], "page")
    assert "score" in noted.detail["columns"]
    assert "Too late" not in str(noted.detail)


def test_an_answer_may_be_corrected_for_a_while(asked):
    survey, token = asked
    by_nobody(AT + DAY, lambda: answer(token, Answer(3, "Too late")))
    assert by_nobody(AT + 2 * DAY, lambda: asked_by(token)).score == 3
    assert by_nobody(AT + 2 * DAY, lambda: answer(token, Answer(9)))
    survey.refresh_from_db()
    assert (survey.score, survey.said, survey.answered_at) == (9, "", AT + DAY)
    assert survey.corrected_at == AT + 2 * DAY
    over = AT + DAY + CORRECTABLE
    assert by_nobody(over, lambda: asked_by(token)) is None
    assert not by_nobody(over, lambda: answer(token, Answer(0)))


def test_ended_revoked_unknown_are_nothing(asked, people):
    survey, token = asked
    assert by_nobody(AT, lambda: asked_by(token + "x")) is None
    assert by_nobody(AT + OPEN, lambda: asked_by(token)) is None
    assert not by_nobody(AT + OPEN, lambda: answer(token, Answer(5)))
    with pytest.raises(Forbidden):
        actions.revoke(survey, actor=people["Bernd"], at=AT)
    actions.revoke(survey, actor=people["Anna"], at=AT)
    assert by_nobody(AT, lambda: asked_by(token)) is None
    assert not by_nobody(AT, lambda: answer(token, Answer(5)))


def test_a_customer_is_asked_once_in_a_while(asked, people, ahorn):
    days = timedelta(days=profile().survey_days)
    with pytest.raises(ValidationError, match=r"\d"):
        actions.ask(ahorn, Question(), actor=people["Anna"], at=AT + days - DAY)
    assert actions.ask(ahorn, Question(), actor=people["Anna"], at=AT + days)
    actions.revoke(Survey.objects.latest("pk"), actor=people["Anna"], at=AT + days)
    assert actions.ask(ahorn, Question(), actor=people["Anna"], at=AT + days + DAY)


@pytest.mark.parametrize(
    ("prefers", "main_prefers", "asked_in", "expected"),
    [
        ("en", "de", "", "en"), ("fr", "de", "", "en"), ("de", "en", "", "de"),
        ("en", "", "de", "de"), ("", "", "", "de"), (None, "en", "", "en"), (None, "", "", "de"),
        (None, None, "", "de"),
    ],
)  # fmt: skip
def test_the_contact_decides_the_language(people, ahorn, prefers, main_prefers, asked_in, expected):
    if main_prefers is not None:
        Contact.objects.create(customer=ahorn, name="M", is_main=True, language=main_prefers)
    contact = None
    if prefers is not None:
        contact = Contact.objects.create(customer=ahorn, name="C", language=prefers)
    by = {"actor": people["Anna"], "at": AT}
    made, _token = actions.ask(ahorn, Question(asked_in, contact=contact), **by)
    company = profile()
    questions = {"de": company.survey_question_de, "en": company.survey_question_en}
    assert (made.language, made.question) == (expected, questions[expected])


def test_who_was_asked_before_and_says_nothing_is_asked_in_that_language(asked, people, ahorn):
    later = AT + timedelta(days=profile().survey_days)
    made, _token = actions.ask(ahorn, Question(), actor=people["Anna"], at=later)
    assert made.language == "en"


def test_who_objected_is_not_asked(people, ahorn):
    for objection in ("advertising", "all"):
        contact = Contact.objects.create(customer=ahorn, name="C", objection=objection)
        with pytest.raises(ValidationError):
            actions.ask(ahorn, Question(contact=contact), actor=people["Anna"], at=AT)


@pytest.mark.parametrize("who", ["Bernd", "Emil"])
def test_who_may_not_know_asks_nothing(people, ahorn, who):
    with pytest.raises(Forbidden):
        actions.ask(ahorn, Question(), actor=people[who], at=AT)


def test_of_links_that_ended_no_digest_is_kept(asked, people):
    survey, _token = asked
    assert actions.end_links(actor=people["Frieda"], at=AT + OPEN - DAY) == 0
    assert actions.end_links(actor=people["Frieda"], at=AT + OPEN) == 1
    survey.refresh_from_db()
    assert survey.token_hash == ""


def test_figures_count_what_one_knows(asked, people):
    _survey, token = asked
    by_nobody(AT, lambda: answer(token, Answer(10)))
    seen = satisfaction(people["Anna"], AT + DAY)
    assert (seen.asked, seen.answered, seen.score.promoters, seen.score.net) == (1, 1, 1, None)
    assert satisfaction(people["Bernd"], AT + DAY).asked == 0


@drawn(st.lists(st.integers(0, 10), min_size=10, max_size=200))
def test_the_interval_lies_around_the_middle_and_on_the_scale(given):
    told = score(given)
    assert -100 <= told.low < told.high <= 100
    assert told.promoters + told.passives + told.detractors == len(given)
    # Three neutral answers draw it to the middle, never past it.
    assert told.low - 1e-9 <= told.net <= told.high + 1e-9
