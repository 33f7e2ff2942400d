"""Complaints: opened once, answered, passed on between departments, solved, opened again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from kundenstamm.care import complaint_actions as actions
from kundenstamm.care import complaint_queries as queries
from kundenstamm.care.actions import withdraw
from kundenstamm.care.complaint_figures import Told, figures, summed
from kundenstamm.care.escalating import told_of
from kundenstamm.care.jobs import escalate_late_complaints
from kundenstamm.care.models import Complaint, ComplaintClass, ComplaintStep, Interaction
from kundenstamm.care.task_actions import Errand, set_task
from kundenstamm.care.tests.conftest import AT, as_the_site
from kundenstamm.customers.actions import close_to
from kundenstamm.customers.tests.conftest import TODAY
from kundenstamm.guard.models import AuditEntry, Team
from kundenstamm.guard.rights import Forbidden

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def opened(recorded, people):
    """A complaint of Ahorn's an hour ago, Anna's."""

    def made(who="Anna", customer=None, **told):
        about = {"customer": customer} if customer else {}
        happened = recorded("complaint", who=who, **about, **told)
        return actions.open_complaint(happened, actor=people[who], at=AT)

    return made


def test_it_is_opened_once_with_deadlines_of_its_class(recorded, people):
    happened = recorded("complaint")
    made = actions.open_complaint(happened, actor=people["Anna"], at=AT)
    assert made.owner == people["Anna"]
    assert made.opened_at == happened.happened_at
    assert made.answer_due == made.opened_at + 24 * HOUR
    assert made.solve_due == made.opened_at + 7 * DAY
    with pytest.raises(ValidationError, match="schon"):
        actions.open_complaint(happened, actor=people["Anna"], at=AT)


def test_three_classes_are_there_to_begin_with_and_stay_as_they_are_changed(db):
    assert [each.answer_hours for each in actions.ensure_classes()] == [4, 24, 72]
    ComplaintClass.objects.filter(answer_hours=4).update(answer_hours=2, name="Sofort")
    assert [each.answer_hours for each in actions.ensure_classes()] == [2, 24, 72]


def test_only_a_complaint_that_stands_is_opened(recorded, people):
    with pytest.raises(ValidationError):
        actions.open_complaint(recorded("support"), actor=people["Anna"], at=AT)
    wrong = recorded("complaint")
    withdraw(wrong, "falsch", actor=people["Anna"], at=AT)
    wrong.refresh_from_db()
    with pytest.raises(ValidationError):
        actions.open_complaint(wrong, actor=people["Anna"], at=AT)


def test_a_complaint_recorded_by_mistake_is_on_no_list(opened, people):
    made = opened()
    withdraw(made.interaction, "falsch", actor=people["Anna"], at=AT)
    assert not queries.complaints(people["Anna"]).exists()


def test_what_a_file_has_given_to_another_customer_shows_no_word_of_it(opened, people, birke):
    made = opened()
    Interaction.objects.filter(pk=made.interaction_id).update(customer=birke)
    late(made)
    escalate_late_complaints(int(AT.timestamp()))
    for who in ("Anna", "Bernd", "Frieda"):
        assert not queries.complaints(people[who]).exists()
    assert mail.outbox == []


def test_from_call_to_solution_across_departments(opened, people, codes):
    Team.objects.get().members.add(people["Hanno"])
    made, by = opened(), {"at": AT}
    actions.answer(made, "Ersatz bis Freitag", actor=people["Anna"], **by)
    actions.hand_over(made, people["Hanno"], "Lager prüft", actor=people["Anna"], **by)
    actions.hand_over(made, people["Greta"], "Kulanz?", actor=people["Hanno"], **by)
    actions.solve(made, "Ersatz geliefert", actor=people["Greta"], at=AT + HOUR)
    actions.assess(made, "damaged", Decimal("80.5"), actor=people["Anna"], at=AT + DAY)
    made.refresh_from_db()
    assert (made.answered_at, made.solved_at, made.owner) == (AT, AT + HOUR, people["Greta"])
    assert (made.cause, made.cost) == ("damaged", Decimal("80.5"))
    steps = queries.steps(people["Anna"], made)
    assert [(s.kind, s.open("said")) for s in steps] == [
        ("answered", "Ersatz bis Freitag"), ("handed_over", "Lager prüft"),
        ("handed_over", "Kulanz?"), ("solved", "Ersatz geliefert"),
    ]  # fmt: skip
    assert all("Ersatz" not in step.said for step in steps)


def test_a_solution_answers_too_and_the_first_answer_stays_the_first(opened, people):
    made = opened()
    actions.solve(made, "Gutschrift", actor=people["Anna"], at=AT)
    made.refresh_from_db()
    assert made.answered_at == AT
    actions.reopen(made, "Noch einmal kaputt", actor=people["Anna"], at=AT + DAY)
    actions.answer(made, "Noch ein Ersatz", actor=people["Anna"], at=AT + 2 * DAY)
    made.refresh_from_db()
    assert (made.answered_at, made.solved_at) == (AT, None)
    assert made.solve_due == AT + 8 * DAY


def test_another_class_moves_the_deadlines(opened, people):
    made = opened()
    urgent, normal, _minor = actions.ensure_classes()
    actions.classify(made, urgent, actor=people["Anna"], at=AT)
    made.refresh_from_db()
    assert made.answer_due == made.opened_at + 4 * HOUR
    with pytest.raises(ValidationError):
        actions.classify(made, urgent, actor=people["Anna"], at=AT)
    assert normal.answer_hours == 24


@pytest.mark.parametrize(
    ("to", "because", "field"),
    [("Bernd", "so", "to"), ("Doris", "so", "to"), ("Anna", "so", "to"), ("Greta", " ", "said")],
)
def test_a_hand_over_that_cannot_be_is_refused(opened, people, to, because, field):
    made = opened()
    with pytest.raises(ValidationError) as refused:
        actions.hand_over(made, people[to], because, actor=people["Anna"], at=AT)
    assert field in refused.value.message_dict


def test_what_cannot_be_is_refused(opened, people):
    made, by = opened(), {"actor": people["Anna"], "at": AT}
    for act in (
        lambda: actions.answer(made, " ", **by),
        lambda: actions.solve(made, "", **by),
        lambda: actions.reopen(made, "so", **by),
        lambda: actions.assess(made, "x", None, **by),
        lambda: actions.assess(made, "late", Decimal(-1), **by),
    ):
        with pytest.raises(ValidationError):
            act()
    actions.solve(made, "fertig", **by)
    for act in (
        lambda: actions.answer(made, "so", **by),
        lambda: actions.solve(made, "so", **by),
        lambda: actions.hand_over(made, people["Greta"], "so", **by),
        lambda: actions.classify(made, actions.ensure_classes()[0], **by),
    ):
        with pytest.raises(ValidationError, match="gelöst"):
            act()


@pytest.mark.parametrize("who", ["Bernd", "Hanno", "Doris", "Ida"])
def test_who_may_not_touches_none(opened, people, who):
    made, by = opened(), {"actor": people[who], "at": AT}
    for act in (
        lambda: actions.answer(made, "so", **by), lambda: actions.solve(made, "so", **by),
        lambda: actions.hand_over(made, people["Greta"], "so", **by),
        lambda: actions.reopen(made, "so", **by), lambda: actions.assess(made, "late", None, **by),
        lambda: actions.open_complaint(made.interaction, **by),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            act()


def test_tasks_belong_to_an_open_complaint_of_their_customer(opened, people, ahorn, birke):
    made, by = opened(), {"actor": people["Frieda"], "at": AT}
    errand = Errand("Ersatz packen", TODAY, people["Frieda"], made)
    assert set_task(ahorn, errand, **by).complaint == made
    with pytest.raises(ValidationError):
        set_task(birke, errand, **by)
    actions.solve(made, "fertig", actor=people["Anna"], at=AT)
    made.refresh_from_db()
    with pytest.raises(ValidationError):
        set_task(ahorn, Errand("Nachfassen", TODAY, people["Frieda"], made), **by)


def test_the_next_deadline_comes_first(opened, people):
    first, second, third = (opened(happened_at=AT - n * HOUR) for n in (3, 2, 1))
    actions.answer(first, "Ja", actor=people["Anna"], at=AT)
    found = queries.complaints(people["Anna"]).still_open().by_deadline()
    assert list(found) == [second, third, first]
    assert found[2].next_due == first.solve_due


def late(made, hours=1):
    Complaint.objects.filter(pk=made.pk).update(answer_due=AT - hours * HOUR)


def test_what_is_late_is_escalated_once_and_told_without_a_name(opened, people):
    made, in_time = opened(), opened()
    late(made)
    for _again in range(2):
        escalate_late_complaints(int(AT.timestamp()))
    made.refresh_from_db()
    in_time.refresh_from_db()
    assert made.escalated_at is not None
    assert in_time.escalated_at is None
    assert [step.kind for step in queries.steps(people["Anna"], made)] == ["escalated"]
    assert sorted(each.to[0] for each in mail.outbox) == ["anna@example.com", "greta@example.com"]
    assert all("Ahorn" not in each.body + each.subject for each in mail.outbox)
    assert all(f"/complaints/{made.key}/" in each.body for each in mail.outbox)


@pytest.mark.parametrize(
    ("told", "is_late"),
    [({}, False), ({"answer_due": AT - HOUR}, True), ({"solve_due": AT - HOUR}, True),
     ({"answer_due": AT - HOUR, "answered_at": AT - 2 * HOUR}, False),
     ({"solve_due": AT - HOUR, "answered_at": AT - 2 * HOUR}, True),
     ({"solve_due": AT - HOUR, "answered_at": AT, "solved_at": AT}, False)],
)  # fmt: skip
def test_which_complaints_are_late(opened, told, is_late):
    made = opened()
    Complaint.objects.filter(pk=made.pk).update(**told)
    escalate_late_complaints(int(AT.timestamp()))
    made.refresh_from_db()
    assert (made.escalated_at is not None) is is_late


def test_without_a_sales_lead_who_knows_the_owner_is_told(opened, people, ahorn):
    made = opened()
    close_to(people["Greta"], ahorn, "Befangen", actor=people["Frieda"], at=AT)
    close_to(people["Anna"], ahorn, "Befangen", actor=people["Frieda"], at=AT)
    assert told_of(made) == [people["Frieda"]]


def test_a_mail_that_is_not_taken_undoes_nothing(opened, monkeypatch):
    made = opened()
    late(made)

    def refuse(*_told):
        raise OSError("no server")

    monkeypatch.setattr("kundenstamm.care.escalating.send_mail", refuse)
    escalate_late_complaints(int(AT.timestamp()))
    made.refresh_from_db()
    assert made.escalated_at is not None


NINE = datetime(2026, 5, 4, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "half", "most"),
    [([], None, None), ([5], 5, 5), ([1, 3], 2, 2.8), ([10, 1, 3, 2], 2.5, 7.9),
     ([*range(1, 12)], 6, 10)],
)  # fmt: skip
def test_waits_are_half_and_nine_of_ten(hours, half, most):
    told = [Told(NINE, NINE + h * HOUR, NINE + h * DAY, "late", Decimal(h)) for h in hours]
    found = summed("x", told)
    in_hours = [w and w / HOUR for w in (found.answer.half, found.answer.most)]
    assert in_hours == pytest.approx([half, most]) if hours else in_hours == [None, None]
    assert found.solution.number == len(hours)
    assert found.cost == sum(hours)


def test_what_is_open_counts_beside_the_waits():
    told = [Told(NINE, None, None, "", None), Told(NINE, NINE + HOUR, None, "", None)]
    found = summed("x", told)
    assert (found.number, found.still_open) == (2, 2)
    assert (found.answer.number, found.solution.number) == (1, 0)


def test_figures_are_of_customers_that_the_reader_knows(opened, people, birke):
    own, theirs = opened(), opened("Bernd", birke)
    actions.assess(own, "late", Decimal(10), actor=people["Anna"], at=AT)
    actions.assess(theirs, "goods", Decimal(99), actor=people["Bernd"], at=AT)
    today = timezone.localdate(AT)
    quarters, causes = figures(people["Anna"], today)
    assert sum(each.number for each in quarters) == 1
    assert [(each.of, each.cost) for each in causes] == [("late", 10)]
    _quarters, causes = figures(people["Frieda"], today)
    assert [(each.of, each.cost) for each in causes] == [("goods", 99), ("late", 10)]


@pytest.mark.parametrize(
    "wrong", [{"solved_at": AT}, {"cost": -1}, {"customer": None}],
)  # fmt: skip
def test_the_database_holds_to_it(opened, wrong):
    made = opened()
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=made.pk).update(**wrong)


def test_rows_of_others_are_neither_seen_nor_written(opened, people, birke):
    theirs, own = opened("Bernd", birke), opened()
    with as_the_site(people["Anna"]):
        assert list(Complaint.objects.all()) == [own]
        assert Complaint.objects.filter(pk=theirs.pk).update(cost=1) == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            ComplaintStep.objects.create(
                complaint=theirs, customer=birke, kind="escalated", at=AT, by=people["Anna"]
            )


def test_the_audit_tells_the_facts_and_no_word(opened, people):
    made = opened()
    actions.answer(made, "Ganz Geheim", actor=people["Anna"], at=AT)
    entries = AuditEntry.objects.filter(what__startswith="care_complaint", kind__gt="")
    found = [(e.what, e.kind) for e in entries.order_by("pk") if e.customers]
    assert found == [
        ("care_complaint", "insert"), ("care_complaintstep", "insert"),
        ("care_complaint", "update"),
    ]  # fmt: skip
    assert all("Geheim" not in str(entry.detail) for entry in entries)
