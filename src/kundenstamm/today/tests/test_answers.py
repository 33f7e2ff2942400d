"""Answers: what they record, how long they let a customer rest, and taking them back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from kundenstamm.care import actions as care
from kundenstamm.care import task_actions
from kundenstamm.care.actions import Happening
from kundenstamm.care.models import Interaction, Task
from kundenstamm.care.task_actions import Errand
from kundenstamm.guard.rights import Forbidden
from kundenstamm.today import actions, queries
from kundenstamm.today.actions import Doing
from kundenstamm.today.models import Answer, Cause, Step
from kundenstamm.today.tests.conftest import AT, TODAY, as_the_site, served, stepped
from kundenstamm.worth.care import effect

DAY = timedelta(days=1)


def test_causes_are_those_that_are_reckoned():
    assert Cause.values == [each.value for each in effect.Cause]


@pytest.fixture
def anna(people):
    return people["Anna"]


def listed(person, day=TODAY, **ask):
    return {each.customer.name for each in queries.open_steps(person, day, **ask)}


@pytest.mark.parametrize(
    ("outcome", "reached", "back"),
    [("reached", True, 14), ("promised", True, 14), ("ordered", True, 14),
     ("not_reached", False, 1)],
)  # fmt: skip
def test_done_records_the_call_and_lets_the_customer_rest(anna, ahorn, outcome, reached, back):
    made = actions.done(ahorn, Doing(outcome, note="Will im Mai bestellen."), actor=anna, at=AT)
    kept = Interaction.objects.get()
    assert (kept.kind, kept.reached, kept.direction, kept.author) == ("call", reached, "we", anna)
    assert kept.open("note") == "Will im Mai bestellen."
    assert made.interaction == kept
    assert (made.minutes, made.cause, made.rests_until - TODAY) == (15, "late", back * DAY)
    assert listed(anna) == set()
    assert listed(anna, TODAY + (back - 1) * DAY) == set()
    assert listed(anna, TODAY + back * DAY) == {"Ahorn"}
    assert queries.minutes_spent(anna, TODAY) == 15


def test_a_conversation_recorded_anywhere_lets_the_customer_rest(anna, ahorn):
    care.record(ahorn, Happening("visit", AT), actor=anna, at=AT)
    assert listed(anna) == set()
    assert listed(anna, TODAY + 14 * DAY) == {"Ahorn"}


def test_a_try_recorded_elsewhere_does_not(anna, ahorn):
    vain = Happening("call", AT, reached=False, direction="we")
    care.record(ahorn, vain, actor=anna, at=AT)
    assert listed(anna) == {"Ahorn"}


def test_a_new_complaint_does_not_rest_with_the_rest(anna, ahorn):
    actions.done(ahorn, Doing("reached"), actor=anna, at=AT)
    Step.objects.update(cause="complaint")
    assert listed(anna) == {"Ahorn"}
    actions.not_now(ahorn, TODAY + DAY, "Lager prüft", actor=anna, at=AT)
    assert listed(anna) == set()


def test_not_now_until_a_day_with_a_reason(anna, ahorn):
    made = actions.not_now(ahorn, TODAY + 5 * DAY, " Im  Urlaub ", actor=anna, at=AT)
    assert made.open("because") == "Im Urlaub"
    assert listed(anna, TODAY + 4 * DAY) == set()
    assert listed(anna, TODAY + 5 * DAY) == {"Ahorn"}
    assert queries.minutes_spent(anna, TODAY) == 0


@pytest.mark.parametrize(
    ("until", "because", "field"), [(0, "Urlaub", "until"), (-3, "Urlaub", "until"),
                                    (3, "  ", "because")],
)  # fmt: skip
def test_not_now_says_what_is_missing(anna, ahorn, until, because, field):
    with pytest.raises(ValidationError) as refused:
        actions.not_now(ahorn, TODAY + until * DAY, because, actor=anna, at=AT)
    assert field in refused.value.message_dict


def test_giving_sets_a_task_for_somebody_who_may_know(people, ahorn, anna):
    errand = Errand("Anrufen", TODAY + DAY, people["Greta"])
    made = actions.give(ahorn, errand, actor=anna, at=AT)
    assert (made.task.owner, made.task.due) == (people["Greta"], TODAY + DAY)
    assert made.rests_until == TODAY + 8 * DAY
    assert listed(anna) == set()


def test_giving_to_who_may_not_know_changes_nothing(people, ahorn, anna):
    with pytest.raises(ValidationError):
        actions.give(ahorn, Errand("Anrufen", TODAY, people["Bernd"]), actor=anna, at=AT)
    assert not Answer.objects.exists()
    assert not Task.objects.exists()


def test_others_customers_are_not_answered_for(anna, birke, people):
    with pytest.raises(ValidationError, match="nichts mehr zu beantworten"):
        actions.done(birke, Doing("reached"), actor=anna, at=AT)
    with pytest.raises(Forbidden):
        actions.done(birke, Doing("reached"), actor=people["Doris"], at=AT)
    assert not Interaction.objects.exists()


def test_a_visit_always_meets_somebody(anna, ahorn):
    with pytest.raises(ValidationError, match="Besuch"):
        actions.done(ahorn, Doing("not_reached", "visit"), actor=anna, at=AT)


def test_answered_is_answered(anna, ahorn, people):
    actions.done(ahorn, Doing("not_reached"), actor=anna, at=AT)
    with pytest.raises(ValidationError, match="nicht mehr auf der Liste"):
        actions.done(ahorn, Doing("reached"), actor=people["Frieda"], at=AT)
    twice = Answer.objects.get()
    twice.pk, twice.key, twice.interaction = None, None, None
    with pytest.raises(IntegrityError), transaction.atomic():
        twice.save()


def test_taking_back_withdraws_what_was_recorded(anna, ahorn):
    made = actions.done(ahorn, Doing("ordered"), actor=anna, at=AT)
    actions.undo(made, actor=anna, at=AT)
    assert Interaction.objects.get().withdrawn
    assert listed(anna) == {"Ahorn"}
    assert queries.minutes_spent(anna, TODAY) == 0
    with pytest.raises(ValidationError):
        actions.undo(made, actor=anna, at=AT)


def test_taking_back_drops_the_task_unless_it_moved(people, anna, ahorn):
    give = Errand("Anrufen", TODAY + DAY, people["Greta"])
    made = actions.give(ahorn, give, actor=anna, at=AT)
    actions.undo(made, actor=anna, at=AT)
    assert made.task.__class__.objects.get().dropped
    again = actions.give(ahorn, give, actor=anna, at=AT)
    task_actions.put_off(again.task, TODAY + 3 * DAY, "Krank", actor=people["Greta"], at=AT)
    with pytest.raises(ValidationError, match="gefolgt"):
        actions.undo(again, actor=anna, at=AT)


def test_only_whoever_answered_takes_it_back_and_only_today(people, anna, ahorn):
    made = actions.not_now(ahorn, TODAY + 9 * DAY, "Urlaub", actor=anna, at=AT)
    with pytest.raises(Forbidden):
        actions.undo(made, actor=people["Frieda"], at=AT)
    with pytest.raises(ValidationError):
        actions.undo(made, actor=anna, at=AT + DAY)


def test_the_day_is_filled_by_what_saves_most(anna, codes):
    for name, cost, minutes in (("A", 300, 60), ("B", 100, 15), ("C", 90, 15), ("D", 20, 15)):
        stepped(served(name, (codes["Anna"], -9, None)), cost, minutes=minutes)
    actions.wish(90, morning_mail=False, names_customers=False, actor=anna, at=AT)
    day = queries.day_of(anna, TODAY)
    assert [each.customer.name for each in day.steps] == ["B", "C", "A"]
    assert (day.takes, day.waiting_costs) == (90, 490)
    actions.done(day.steps[0].customer, Doing("reached"), actor=anna, at=AT)
    after = queries.day_of(anna, TODAY)
    assert ([each.customer.name for each in after.steps], after.spent) == (["C", "A"], 15)


def test_the_team_lead_may_look_at_own_ones_only(people, ahorn, birke):
    assert listed(people["Greta"]) == {"Ahorn"}
    assert listed(people["Greta"], mine=True) == set()
    assert listed(people["Frieda"]) == {"Ahorn", "Birke"}
    assert listed(people["Anna"], mine=True) == {"Ahorn"}
    assert listed(people["Emil"]) == set()


def test_the_site_reads_steps_and_writes_none(people, anna, ahorn, birke):
    with as_the_site(anna):
        assert list(Step.objects.values_list("customer__name", flat=True)) == ["Ahorn"]
    with pytest.raises(Exception, match="permission denied"), as_the_site(anna):
        Step.objects.update(minutes=1)


@pytest.mark.parametrize("minutes", [0, 14, 721])
def test_a_day_has_its_minutes(anna, minutes):
    with pytest.raises(ValidationError):
        actions.wish(minutes, morning_mail=False, names_customers=False, actor=anna, at=AT)
