"""What happens to tasks: set, handed over, put off, finished, dropped; never deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kundenstamm.care import rules
from kundenstamm.care.models import Complaint, Task, TaskStep
from kundenstamm.care.standing_in import demand_able, pass_on
from kundenstamm.customers.actions import demand_known
from kundenstamm.customers.models import Customer
from kundenstamm.guard import normalising
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, demand

Kind = TaskStep.Kind


@dataclass(frozen=True)
class Errand:
    """What is to be done, by whom, until which day; of a complaint, if it is part of one."""

    what: str
    due: date
    owner: User
    complaint: Complaint | None = None


@transaction.atomic
def set_task(customer: Customer, errand: Errand, *, actor: User, at: datetime) -> Task:
    """Somebody is to do something for a customer.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        It says nothing or too much, is due before today, or its owner may not do it.
    """
    demand_known(customer.pk, actor)
    return set_planned(customer, errand, actor=actor, at=at)


@transaction.atomic
def set_planned(customer: Customer, errand: Errand, *, actor: User, at: datetime) -> Task:
    """A step of what the company has laid down for such customers, set on its behalf.

    As `set_task`, but whoever acts need not know the customer: a job acts for all customers, those
    that are kept confidential from its actor included. The owner of the task has to know.
    """
    demand(actor, Right.RECORD)
    said = normalising.one_spelling(errand.what)
    if not said:
        raise ValidationError({"what": _("Say what is to be done.")})
    if len(said) > rules.LONGEST_TASK:
        raise ValidationError({"what": _("This is too long. Shorten it.")})
    _demand_ahead(errand.due, at)
    demand_able(errand.owner, customer.pk, field="owner")
    _demand_open(errand.complaint, customer)
    made = Task(
        customer=customer, owner=errand.owner, due=errand.due, complaint=errand.complaint,
        created_by=actor, created_at=at,
    )  # fmt: skip
    made.put("what", said)
    made.full_clean()
    made.save()
    return made


@transaction.atomic
def hand_over(task: Task, to: User, because: str, *, actor: User, at: datetime) -> None:
    """It is another person's from here on, who must be able to know the customer.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        It has ended, is theirs already, or they may not do it; or there is no reason.
    """
    demand_known(task.customer_id, actor)
    hand_over_planned(task, to, because, actor=actor, at=at)


@transaction.atomic
def hand_over_planned(task: Task, to: User, because: str, *, actor: User, at: datetime) -> None:
    """As `hand_over`, on the company's behalf: whoever acts need not know the customer."""
    held = _locked(task, actor)
    before = pass_on(held, to)
    _step(held, Kind.HANDED_OVER, because, actor, at, from_owner=before, to_owner=to)
    held.save(update_fields=["owner"])


@transaction.atomic
def put_off(task: Task, due: date, because: str, *, actor: User, at: datetime) -> None:
    """It is due on another day.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        It has ended, is due on that day already, or the day is over; or there is no reason.
    """
    held = _held(task, actor)
    if held.due == due:
        raise ValidationError({"due": _("It is due on that day already.")})
    _demand_ahead(due, at)
    before, held.due = held.due, due
    _step(held, Kind.PUT_OFF, because, actor, at, from_due=before, to_due=due)
    held.save(update_fields=["due"])


@transaction.atomic
def finish(task: Task, outcome: str = "done", *, actor: User, at: datetime) -> None:
    """It is done, with one word of what came out.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        It has ended already, or the word is none of an outcome.
    """
    held = _held(task, actor)
    if outcome not in Task.Outcome.values or outcome == Task.Outcome.DROPPED:
        raise ValidationError({"outcome": _("Choose what came out.")})
    _end(held, outcome, "", actor, at)


@transaction.atomic
def drop(task: Task, because: str, *, actor: User, at: datetime) -> None:
    """It is not to be done any more. It stays on record, with the reason.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        It has ended already, or there is no reason.
    """
    demand_known(task.customer_id, actor)
    drop_planned(task, because, actor=actor, at=at)


@transaction.atomic
def drop_planned(task: Task, because: str, *, actor: User, at: datetime) -> None:
    """As `drop`, on the company's behalf: whoever acts need not know the customer."""
    held = _locked(task, actor)
    _demand_reason(because)
    _end(held, Task.Outcome.DROPPED, because, actor, at)


def _held(task: Task, actor: User) -> Task:
    """The task locked and read anew: of two who act at once, the second is told of the first."""
    demand_known(task.customer_id, actor)
    return _locked(task, actor)


def _locked(task: Task, actor: User) -> Task:
    demand(actor, Right.RECORD)
    held = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if held.ended:
        raise ValidationError(_("This task has ended already."))
    return held


def _end(held: Task, outcome: str, because: str, actor: User, at: datetime) -> None:
    held.ended_at, held.ended_by, held.outcome = at, actor, outcome
    _step(held, Kind.ENDED, because, actor, at)
    held.save(update_fields=["ended_at", "ended_by", "outcome"])


def _step(
    held: Task, kind: TaskStep.Kind, because: str, actor: User, at: datetime, **moved: Any
) -> None:
    if kind != Kind.ENDED:
        _demand_reason(because)
    made = TaskStep(task=held, customer_id=held.customer_id, kind=kind, at=at, by=actor, **moved)
    made.put("because", normalising.one_spelling(because)[: rules.LONGEST_TASK])
    made.save()


def _demand_reason(because: str) -> None:
    if not because.strip():
        raise ValidationError({"because": _("Say why.")})


def _demand_open(complaint: Complaint | None, customer: Customer) -> None:
    """Of a complaint that is solved, or another customer's, nothing is to be done."""
    if complaint is None:
        return
    if complaint.customer_id != customer.pk:
        raise ValidationError(_("This complaint is another customer's."))
    if complaint.solved:
        raise ValidationError(_("This complaint is solved. Open it again first."))


def _demand_ahead(due: date, at: datetime) -> None:
    if due < timezone.localtime(at).date():
        raise ValidationError({"due": _("This day is over. Choose today or a later one.")})
