"""What people do about a step: done, not now, given to somebody; and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kundenstamm.care import actions as care
from kundenstamm.care import task_actions
from kundenstamm.care.actions import Happening
from kundenstamm.care.models import Interaction, Task
from kundenstamm.company.queries import profile
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Forbidden, Right, demand
from kundenstamm.today import rules
from kundenstamm.today.models import Answer, Step, Wish
from kundenstamm.today.queries import answered, may_undo, step_of

Outcome, Kind = Answer.Outcome, Answer.Kind


@dataclass(frozen=True)
class Doing:
    """How somebody spoke to the customer, what came of it, and one line about it."""

    outcome: str
    way: str = "call"
    note: str = ""


@transaction.atomic
def done(customer: Customer, what: Doing, *, actor: User, at: datetime) -> Answer:
    """The step was taken: what happened is recorded, and the customer rests.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        There is no step, it is answered already, or the outcome does not fit.
    """
    step = _open_step(customer, actor, at)
    if what.outcome not in Outcome.values:
        raise ValidationError({"outcome": _("Choose what came out.")})
    reached = what.outcome in rules.REACHED
    if what.way == Interaction.Kind.VISIT and not reached:
        raise ValidationError({"way": _("A visit that met nobody is a call: choose that.")})
    happening = Happening(
        what.way, at, what.note, reached=reached,
        direction="" if what.way == Interaction.Kind.VISIT else Interaction.Direction.WE,
    )  # fmt: skip
    made = care.record(customer, happening, actor=actor, at=at)
    until = rules.done_until(what.outcome, _day(at), profile().silence_least)
    return _answer(step, Kind.DONE, until, actor, at, outcome=what.outcome, interaction=made)


@transaction.atomic
def not_now(customer: Customer, until: date, because: str, *, actor: User, at: datetime) -> Answer:
    """Off the list until a day, for a reason.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        There is no step, it is answered already, the day is over, or there is no reason.
    """
    step = _open_step(customer, actor, at)
    if not because.strip():
        raise ValidationError({"because": _("Say why.")})
    if until <= _day(at):
        raise ValidationError({"until": _("Choose a later day.")})
    return _answer(step, Kind.NOT_NOW, until, actor, at, because=because)


@transaction.atomic
def give(customer: Customer, errand: task_actions.Errand, *, actor: User, at: datetime) -> Answer:
    """Somebody else does it: they get a task.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        There is no step, it is answered already, or the person may not do it.
    """
    step = _open_step(customer, actor, at)
    task = task_actions.set_task(customer, errand, actor=actor, at=at)
    return _answer(step, Kind.GIVEN, rules.given_until(errand.due), actor, at, task=task)


@transaction.atomic
def undo(answer: Answer, *, actor: User, at: datetime) -> None:
    """Take an answer back, with what it recorded, as long as nothing has followed from it.

    Raises
    ------
    Forbidden
        It is somebody else's.
    ValidationError
        It is taken back already, or something has followed.
    """
    demand(actor, Right.RECORD)
    if answer.by_id != actor.pk:
        raise Forbidden(_("Whoever answered takes it back."))
    today = answered(actor, _day(at)).select_for_update(of=("self",))
    held = today.filter(pk=answer.pk).first()
    if held is None or not may_undo(held):
        raise ValidationError(_("Something has followed from it already: it stays."))
    if held.interaction is not None:
        because = _("Taken back on the day's list.")
        care.withdraw(held.interaction, because, actor=actor, at=at)
    if held.task is not None:
        task_actions.drop(held.task, _("Taken back on the day's list."), actor=actor, at=at)
    held.undone_at = at
    held.save(update_fields=["undone_at"])


def wish(
    minutes: int,
    *,
    morning_mail: bool,
    names_customers: bool,
    actor: User,
    at: datetime,
) -> Wish:
    """How the actor wants the day.

    Raises
    ------
    ValidationError
        Fewer or more minutes than a day of work has.
    """
    found = Wish.objects.filter(person=actor).first() or Wish(person=actor)
    found.minutes, found.morning_mail = minutes, morning_mail
    found.names_customers = names_customers
    found.full_clean()
    found.save()
    return found


def _open_step(customer: Customer, actor: User, at: datetime) -> Step:
    demand(actor, Right.RECORD)
    found = step_of(actor, customer, _day(at))
    if found is None:
        raise ValidationError(_("There is nothing to answer any more: it is off the list."))
    return found


def _answer(
    step: Step,
    kind: Answer.Kind,
    until: date,
    actor: User,
    at: datetime,
    *,
    because: str = "",
    outcome: str = "",
    interaction: Interaction | None = None,
    task: Task | None = None,
) -> Answer:
    made = Answer(
        customer_id=step.customer_id, kind=kind, by=actor, at=at, day=_day(at), rests_until=until,
        cause=step.cause, minutes=step.minutes, cost_of_waiting=step.cost_of_waiting,
        outcome=outcome, interaction=interaction, task=task,
    )  # fmt: skip
    made.put("because", " ".join(because.split())[: rules.LONGEST_REASON])
    made.full_clean()
    made.save()
    return made


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()
