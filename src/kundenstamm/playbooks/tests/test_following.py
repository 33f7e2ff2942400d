"""Who enters a stage is taken care of, once; who leaves it is left in peace."""

from __future__ import annotations

import pytest

from kundenstamm.care.models import Task, TaskStep
from kundenstamm.care.task_actions import finish, put_off
from kundenstamm.customers.models import Assignment, Customer, Grant, Representative
from kundenstamm.guard.models import Role, Team, User
from kundenstamm.lifecycle.models import StageChange, ValuationRun
from kundenstamm.playbooks import jobs
from kundenstamm.playbooks.actions import Draft, keep_playbook, start, stop, switch_off
from kundenstamm.playbooks.following import follow, follow_due
from kundenstamm.playbooks.models import Following, Play
from kundenstamm.playbooks.queries import newest
from kundenstamm.playbooks.tests.conftest import AT, DAY, TODAY, served

pytestmark = pytest.mark.django_db


@pytest.fixture
def following(people):
    return lambda: follow(actor=people["Frieda"], at=AT)


def test_entering_a_stage_sets_the_tasks_with_owner_and_day(
    ahorn, kept, entering, following, people
):
    kept()
    entering("new", ahorn)
    assert following().started == 1
    found = [(t.open("what"), t.owner.name, (t.due - TODAY).days) for t in Task.objects.by_due()]
    # Hanno of the service may not know Ahorn, so whoever serves it does his step.
    assert found == [("Anrufen", "Anna", 2), ("Unterlagen schicken", "Anna", 9)]
    play = Play.objects.get()
    assert (play.by_hand, play.started_by, play.ended_at) == (False, people["Frieda"], None)


def test_each_entry_starts_once_however_often_it_is_followed(ahorn, kept, entering, following):
    kept()
    entering("new", ahorn)
    for _ in range(3):
        following()
    assert (Play.objects.count(), Task.objects.count()) == (1, 2)
    entering("repeat", ahorn)
    following()
    entering("new", ahorn)
    assert following().started == 1


def test_the_playbook_of_the_link_comes_before_that_of_the_stage(ahorn, kept, entering, following):
    birke = Customer.objects.create(number="2", name="Birke", created_at=AT, link="end_customer")
    every, dealers = kept(), kept(link="dealer")
    entering("new", ahorn, birke)
    following()
    assert {play.customer: play.playbook for play in Play.objects.all()} == {
        ahorn: dealers, birke: every,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("on", "since", "starts"),
    [
        (AT - 5 * DAY, TODAY, 1),
        (AT, TODAY, 1),
        # A first import tells of what was long ago.
        (AT - 5 * DAY, TODAY - 6 * DAY, 0),
        # Switched on after the valuation: who is there already is left alone.
        (AT + DAY, TODAY + 2 * DAY, 0),
        (None, TODAY, 0),
    ],
)
def test_only_entries_after_it_was_switched_on_count(
    ahorn, kept, entering, following, on, since, starts
):
    kept(on=on)
    entering("new", ahorn, since=since)
    assert following().started == starts


def test_who_comes_back_to_a_stage_of_long_ago_enters_it(ahorn, kept, entering, following):
    kept("regular")
    entering("at_risk", ahorn)
    entering("regular", ahorn, since=TODAY - 400 * DAY)
    assert following().started == 1


def test_a_more_specific_one_that_came_later_does_not_take_the_entry_away(
    ahorn, kept, entering, following
):
    every = kept(on=AT - 2 * DAY)
    entering("new", ahorn, at=AT - DAY)
    kept(link="dealer", on=AT)
    following()
    assert Play.objects.get().playbook == every


def test_switched_off_it_starts_no_more_and_what_runs_goes_on(
    ahorn, codes, kept, entering, following, people
):
    book = kept()
    entering("new", ahorn)
    following()
    switch_off(book, actor=people["Frieda"], at=AT)
    entering("new", served("Birke", (codes["Bernd"], -9, None)))
    assert following().started == 0
    assert Play.objects.running().get().customer == ahorn


def test_changing_a_playbook_leaves_tasks_alone(ahorn, kept, entering, following):
    kept()
    entering("new", ahorn)
    following()
    kept(steps=[Draft("Etwas anderes", "service", 1)])
    assert [task.open("what") for task in Task.objects.by_due()] == [
        "Anrufen", "Unterlagen schicken",
    ]  # fmt: skip


def test_leaving_the_stage_withdraws_what_nobody_has_begun(
    ahorn, kept, entering, following, people
):
    kept(steps=[Draft(what, "representative", 3) for what in ("a", "b", "c", "d")])
    entering("new", ahorn)
    following()
    a, b, _c, _d = Task.objects.order_by("of_play__position")
    by = {"actor": people["Anna"], "at": AT}
    finish(a, **by)
    put_off(b, TODAY + 9 * DAY, "Urlaub", **by)
    entering("repeat", ahorn)
    assert following().left == 1
    assert [t.outcome for t in Task.objects.order_by("of_play__position")] == [
        "done", "", "dropped", "dropped",
    ]  # fmt: skip
    reason = TaskStep.objects.filter(kind="ended", task__outcome="dropped").first()
    assert reason.open("because") == str(Play.End.LEFT.label)
    shown = newest(people["Anna"], ahorn)
    assert (shown.of.end, shown.progress.done, shown.progress.steps) == ("left", 1, 4)


def test_a_finished_one_makes_way_and_says_so(ahorn, kept, entering, following, people):
    kept()
    entering("new", ahorn)
    following()
    for task in Task.objects.all():
        finish(task, actor=people["Anna"], at=AT)
    following()
    assert Play.objects.get().end == "finished"


def test_one_that_runs_by_hand_is_the_one_of_this_entry(ahorn, kept, entering, following, people):
    book = kept()
    entering("new", ahorn)
    by = {"actor": people["Anna"], "at": AT}
    made = start(ahorn, book, **by)
    assert following().started == 0
    stop(made, "Nicht nötig", **by)
    assert following().started == 0
    assert Play.objects.get().by_hand


def test_confidential_customers_have_theirs_though_the_owner_does_not_know_them(
    ahorn, kept, entering, following, people
):
    Customer.objects.filter(pk=ahorn.pk).update(confidential=True)
    Grant.objects.create(
        person=people["Greta"], customer=ahorn, kind="open", given_by=people["Frieda"],
        reason="Leitet", starts_at=AT - DAY,
    )  # fmt: skip
    kept()
    entering("new", ahorn)
    assert following().started == 1
    assert {task.owner for task in Task.objects.all()} == {people["Greta"]}
    assert newest(people["Frieda"], ahorn) is None


def test_where_nobody_could_do_it_nothing_starts_and_it_is_counted(
    ahorn, kept, entering, following
):
    Customer.objects.filter(pk=ahorn.pk).update(confidential=True)
    kept()
    entering("new", ahorn)
    made = following()
    assert (made.started, made.nobody) == (0, 1)
    assert not Task.objects.exists()


def test_withdrawn_customers_have_none(ahorn, kept, entering, following):
    Customer.objects.filter(pk=ahorn.pk).update(withdrawn=True)
    kept()
    entering("new", ahorn)
    assert following().started == 0


def test_the_job_follows_each_valuation_once(ahorn, kept, entering, people):
    by = {"actor": people["Frieda"], "at": AT}
    kept()
    entering("new", ahorn)
    jobs.follow_stages(int(AT.timestamp()))
    assert Following.objects.get().started == 1
    assert follow_due(**by) is None
    entering("new")
    assert follow_due(**by) is not None


def test_before_a_valuation_there_is_nothing_to_follow(people):
    by = {"actor": people["Frieda"], "at": AT}
    assert follow_due(**by) is None
    assert follow(**by) is None


def test_the_very_first_valuation_starts_nothing(ahorn, kept, people, following):
    """It finds everybody in some stage: prospects are said to be that since this very day."""
    kept("prospect", on=AT - DAY)
    told = {"as_of": TODAY, "made_at": AT, "finished_at": AT, "actor": people["Frieda"]}
    run = ValuationRun.objects.create(**told)
    StageChange.objects.create(customer=ahorn, stage="prospect", since=TODAY, run=run)
    assert following().started == 0


def test_the_least_busy_of_the_service_gets_the_step(ahorn, kept, entering, following, people):
    told = {"role": Role.SERVICE, "created_at": AT}
    jana = User.objects.create(email="jana@example.com", name="Jana", **told)
    Team.objects.get().members.add(people["Hanno"], jana)
    book = kept(steps=[Draft("Prüfen", "service", 1)])
    birke = Customer.objects.create(number="2", name="Birke", created_at=AT)
    anna = Representative.objects.get(name="Anna")
    Assignment.objects.create(customer=birke, representative=anna, starts=TODAY - DAY)
    entering("new", ahorn, birke)
    following()
    assert {task.owner for task in Task.objects.all()} == {people["Hanno"], jana}
    keep_playbook("new", "", [Draft("x", "person", 1, people["Greta"])],
                  actor=people["Frieda"], at=AT)  # fmt: skip
    book.refresh_from_db()
    assert book.steps.get().person == people["Greta"]
