"""Tasks are set for who may know the customer, passed on with a reason, ended and never deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from kundenstamm.care import task_queries
from kundenstamm.care.models import Task, TaskStep
from kundenstamm.care.task_actions import Errand, drop, finish, hand_over, put_off, set_task
from kundenstamm.care.tests.conftest import AT, as_the_site
from kundenstamm.customers.actions import close_to
from kundenstamm.customers.tests.conftest import TODAY
from kundenstamm.guard.models import AuditEntry
from kundenstamm.guard.rights import Forbidden

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def setting(people, ahorn):
    """Set a task for Ahorn: Anna's, by Anna, today, if nothing else is said."""

    def made(what="Muster schicken", who="Anna", owner="Anna", customer=ahorn, due=TODAY):
        return set_task(customer, Errand(what, due, people[owner]), actor=people[who], at=AT)

    return made


def test_a_task_is_kept_sealed(setting, people):
    made = Task.objects.get(pk=setting("  Muster \n schicken ").pk)
    assert made.open("what") == "Muster schicken"
    assert "Muster" not in made.what
    assert (made.owner, made.created_by, made.due) == (people["Anna"], people["Anna"], TODAY)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"what": " "}, "what"), ({"what": "x" * 301}, "what"), ({"due": TODAY - DAY}, "due"),
        ({"owner": "Bernd"}, "owner"), ({"owner": "Doris"}, "owner"), ({"owner": "Emil"}, "owner"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_says_where(setting, told, field):
    with pytest.raises(ValidationError) as refused:
        setting(**told)
    assert field in refused.value.message_dict
    assert not Task.objects.exists()


@pytest.mark.parametrize("who", ["Bernd", "Doris", "Emil", "Ida", "Hanno"])
def test_who_may_not_sets_none(setting, who):
    with pytest.raises(Forbidden):
        setting(who=who)


def test_it_is_handed_to_who_may_know_the_customer(setting, people):
    made = setting()
    hand_over(made, people["Greta"], " Urlaub ", actor=people["Anna"], at=AT)
    made.refresh_from_db()
    assert made.owner == people["Greta"]
    step = TaskStep.objects.get()
    assert (step.from_owner, step.to_owner) == (people["Anna"], people["Greta"])
    assert step.open("because") == "Urlaub"
    assert list(task_queries.mine(people["Greta"])) == [made]
    assert not task_queries.mine(people["Anna"]).exists()
    assert task_queries.passed_on(people["Greta"], [made]) == {made.pk: people["Anna"]}


@pytest.mark.parametrize(
    ("to", "because", "field", "mend"),
    [
        ("Bernd", "so", "to", "Wer davon wissen darf"), ("Doris", "so", "to", "jemand anderen"),
        ("Anna", "so", "to", "schon"), ("Greta", "  ", "because", ""),
    ],
)  # fmt: skip
def test_a_hand_over_that_cannot_be_names_the_mend(setting, people, to, because, field, mend):
    made = setting()
    with pytest.raises(ValidationError) as refused:
        hand_over(made, people[to], because, actor=people["Anna"], at=AT)
    assert mend in refused.value.message_dict[field][0]
    assert not TaskStep.objects.exists()
    made.refresh_from_db()
    assert made.owner == people["Anna"]


def test_nobody_hands_to_a_locked_account(setting, people):
    people["Greta"].is_active = False
    people["Greta"].save()
    with pytest.raises(ValidationError, match="gesperrt"):
        hand_over(setting(), people["Greta"], "so", actor=people["Anna"], at=AT)


def test_it_is_put_off_with_a_reason(setting, people):
    made = setting()
    with pytest.raises(ValidationError):
        put_off(made, TODAY, "so", actor=people["Anna"], at=AT)
    with pytest.raises(ValidationError):
        put_off(made, TODAY - DAY, "so", actor=people["Anna"], at=AT)
    with pytest.raises(ValidationError):
        put_off(made, TODAY + DAY, "", actor=people["Anna"], at=AT)
    put_off(made, TODAY + DAY, "Kunde im Urlaub", actor=people["Anna"], at=AT)
    made.refresh_from_db()
    assert made.due == TODAY + DAY
    step = TaskStep.objects.get()
    assert (step.from_due, step.to_due) == (TODAY, TODAY + DAY)


def test_it_is_finished_once_with_a_word(setting, people):
    made = setting()
    for wrong in ("dropped", "", "x"):
        with pytest.raises(ValidationError):
            finish(made, wrong, actor=people["Anna"], at=AT)
    finish(made, "ordered", actor=people["Greta"], at=AT)
    made.refresh_from_db()
    assert (made.outcome, made.ended_by, made.ended_at) == ("ordered", people["Greta"], AT)
    for again in (
        lambda: finish(made, actor=people["Anna"], at=AT),
        lambda: drop(made, "so", actor=people["Anna"], at=AT),
        lambda: put_off(made, TODAY + DAY, "so", actor=people["Anna"], at=AT),
        lambda: hand_over(made, people["Greta"], "so", actor=people["Anna"], at=AT),
    ):
        with pytest.raises(ValidationError, match="beendet"):
            again()


def test_it_is_dropped_with_a_reason_and_stays(setting, people, ahorn):
    made = setting()
    with pytest.raises(ValidationError):
        drop(made, " ", actor=people["Anna"], at=AT)
    drop(made, "Hat sich erledigt", actor=people["Anna"], at=AT)
    assert Task.objects.get().dropped
    assert not task_queries.mine(people["Anna"]).exists()
    assert list(task_queries.of_customer(people["Anna"], ahorn).ended()) == [made]
    assert task_queries.steps(people["Anna"], made)[0].open("because") == "Hat sich erledigt"


@pytest.mark.parametrize("who", ["Bernd", "Hanno", "Doris", "Ida"])
def test_who_may_not_touches_none(setting, people, who):
    made = setting()
    for act in (
        lambda: finish(made, actor=people[who], at=AT),
        lambda: drop(made, "so", actor=people[who], at=AT),
        lambda: put_off(made, TODAY + DAY, "so", actor=people[who], at=AT),
        lambda: hand_over(made, people["Greta"], "so", actor=people[who], at=AT),
    ):
        with pytest.raises(Forbidden):
            act()


def test_what_one_knows_no_more_is_on_nobody_elses_list_either(setting, people, ahorn, birke):
    """Closed to Anna, her task goes from her list, and Greta, who knows the customer, sees it."""
    made = setting()
    setting(who="Bernd", owner="Bernd", customer=birke)
    close_to(people["Anna"], ahorn, "Befangen", actor=people["Frieda"], at=AT)
    assert not task_queries.tasks(people["Anna"]).exists()
    assert list(task_queries.tasks(people["Greta"])) == [made]
    assert task_queries.tasks(people["Frieda"]).count() == 2
    with as_the_site(people["Greta"]):
        assert list(Task.objects.all()) == [made]


def test_loads_count_by_person(setting, people):
    for due in (0, 1, 200):
        setting(due=TODAY + due * DAY)
    late = setting(owner="Greta")
    Task.objects.filter(pk=late.pk).update(due=TODAY - DAY)
    loads = task_queries.loads(people["Frieda"], TODAY)
    assert [(each.owner.name, each.number, each.overdue) for each in loads] == [
        ("Greta", 1, 1), ("Anna", 3, 0),
    ]  # fmt: skip
    assert loads[1].this_week in (1, 2)


@pytest.mark.parametrize(
    "wrong",
    [{"ended_at": AT}, {"outcome": "done"}, {"what": ""}, {"what": "offen"}],
)
def test_the_database_holds_to_it(setting, wrong):
    made = setting()
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=made.pk).update(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [{"to_owner": None}, {"from_due": TODAY}, {"because": ""}, {"because": "offen"},
     {"kind": "put_off"}],
)  # fmt: skip
def test_the_database_holds_to_steps_too(setting, people, wrong):
    hand_over(setting(), people["Greta"], "Urlaub", actor=people["Anna"], at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        TaskStep.objects.update(**wrong)


def test_rows_of_others_are_not_written(setting, people, birke):
    theirs = setting(who="Bernd", owner="Bernd", customer=birke)
    with as_the_site(people["Anna"]):
        assert Task.objects.filter(pk=theirs.pk).update(due=TODAY + DAY) == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            TaskStep.objects.create(
                task=theirs, customer=birke, kind="ended", at=AT, by=people["Anna"]
            )


def test_the_audit_tells_whose_and_until_when_and_no_word(setting, people):
    made = setting("Ganz Geheim")
    hand_over(made, people["Greta"], "Geheimer Grund", actor=people["Anna"], at=AT)
    entries = AuditEntry.objects.filter(what__startswith="care_task").order_by("pk")
    assert [(e.what, e.kind) for e in entries] == [
        ("care_task", "insert"), ("care_taskstep", "insert"), ("care_task", "update"),
    ]  # fmt: skip
    assert all(entry.customers == [made.customer_id] for entry in entries)
    assert entries[2].detail["values"][0]["owner_id"] == [people["Anna"].pk, people["Greta"].pk]
    assert all("Geheim" not in str(entry.detail) for entry in entries)
