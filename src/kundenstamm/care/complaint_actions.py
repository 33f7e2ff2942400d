"""What happens to complaints: opened, answered, passed on between departments, solved, reopened.

Deadlines count hours and days of the calendar: a customer who waits over the weekend waits.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from kundenstamm.care import rules
from kundenstamm.care.models import Complaint, ComplaintClass, ComplaintStep, Interaction
from kundenstamm.care.standing_in import demand_able, pass_on
from kundenstamm.customers.actions import demand_known
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, demand

Kind = ComplaintStep.Kind


def ensure_classes() -> list[ComplaintClass]:
    """The classes, strictest first; three to begin with where there are none."""
    if not ComplaintClass.objects.exists():
        with translation.override(settings.LANGUAGE_CODE):
            begins = ((_("Urgent"), 4, 2), (_("Normal"), 24, 7), (_("Minor"), 72, 21))
        for name, hours, days in begins:
            told = {"answer_hours": hours, "solution_days": days}
            ComplaintClass.objects.get_or_create(name=name, defaults=told)
    return list(ComplaintClass.objects.order_by("answer_hours", "pk"))


def keep_class(of_class: ComplaintClass, *, actor: User, at: datetime) -> None:
    """Another name, hours or days; complaints that are open keep the deadlines they have.

    Raises
    ------
    Forbidden
        The actor may not keep the company's settings.
    ValidationError
        It leaves no time, or its name is another's.
    """
    demand(actor, Right.COMPANY)
    of_class.full_clean()
    of_class.save()


@transaction.atomic
def open_complaint(
    interaction: Interaction, *, actor: User, at: datetime,
    of_class: ComplaintClass | None = None, owner: User | None = None,
) -> Complaint:  # fmt: skip
    """Somebody cares for what the customer complained of, from when it happened.

    Without a class it is of the middle one; without an owner it is the actor's.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        It is no complaint, was withdrawn, is open already, or its owner may not do it.
    """
    demand(actor, Right.RECORD)
    demand_known(interaction.customer_id, actor)
    if interaction.kind != Interaction.Kind.COMPLAINT or interaction.withdrawn:
        raise ValidationError(_("This is no complaint."))
    if Complaint.objects.filter(interaction=interaction).exists():
        raise ValidationError(_("This complaint has been opened already."))
    owner = owner or actor
    demand_able(owner, interaction.customer_id, field="owner")
    classes = ensure_classes()
    made = Complaint(
        customer_id=interaction.customer_id, interaction=interaction, owner=owner,
        opened_at=interaction.happened_at, opened_by=actor, recorded_at=at,
    )  # fmt: skip
    _put_class(made, of_class or classes[len(classes) // 2])
    made.save()
    return made


@transaction.atomic
def classify(complaint: Complaint, of_class: ComplaintClass, *, actor: User, at: datetime) -> None:
    """It is of another class; its deadlines count from when the customer complained.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        It is solved, or of that class already.
    """
    held = _held(complaint, actor)
    if held.of_class_id == of_class.pk:
        raise ValidationError({"of_class": _("It is of this class already.")})
    _put_class(held, of_class)
    held.save(update_fields=["of_class", "answer_due", "solve_due"])
    _step(held, Kind.CLASSED, "", actor, at)


@transaction.atomic
def answer(complaint: Complaint, promised: str, *, actor: User, at: datetime) -> None:
    """The customer was told something; the first time is the first answer.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        It is solved, or nothing is said.
    """
    held = _held(complaint, actor)
    _step(held, Kind.ANSWERED, promised, actor, at)
    if held.answered_at is None:
        held.answered_at = at
        held.save(update_fields=["answered_at"])


@transaction.atomic
def hand_over(complaint: Complaint, to: User, because: str, *, actor: User, at: datetime) -> None:
    """It is another person's, of the same department or another, who can know the customer.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        It is solved, is theirs already, or they may not do it; or there is no reason.
    """
    demand_known(complaint.customer_id, actor)
    hand_over_planned(complaint, to, because, actor=actor, at=at)


@transaction.atomic
def hand_over_planned(
    complaint: Complaint, to: User, because: str, *, actor: User, at: datetime
) -> None:
    """As `hand_over`, on the company's behalf: whoever acts need not know the customer."""
    demand(actor, Right.RECORD)
    held = _unsolved(Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk))
    before = pass_on(held, to)
    _step(held, Kind.HANDED_OVER, because, actor, at, from_owner=before, to_owner=to)
    held.save(update_fields=["owner"])


@transaction.atomic
def solve(complaint: Complaint, done: str, *, actor: User, at: datetime) -> None:
    """It is solved; who was not answered before is answered by that.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        It is solved already, or it is not said what was done.
    """
    held = _held(complaint, actor)
    _step(held, Kind.SOLVED, done, actor, at)
    held.answered_at, held.solved_at = held.answered_at or at, at
    held.save(update_fields=["answered_at", "solved_at"])


@transaction.atomic
def reopen(complaint: Complaint, because: str, *, actor: User, at: datetime) -> None:
    """The solution was none. The days to a solution begin anew; the first answer stays.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        It is not solved, or there is no reason.
    """
    held = _locked(complaint, actor)
    if not held.solved:
        raise ValidationError(_("This complaint is open."))
    _step(held, Kind.REOPENED, because, actor, at)
    held.solved_at = held.escalated_at = None
    held.solve_due = at + timedelta(days=held.of_class.solution_days)
    held.save(update_fields=["solved_at", "escalated_at", "solve_due"])


@transaction.atomic
def assess(
    complaint: Complaint,
    cause: str,
    cost: Decimal | None,
    *,
    actor: User,
    at: datetime,
) -> None:
    """What it came from and what it cost; both are often known only after it was solved.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        It is none of the causes, or a cost below nil.
    """
    held = _locked(complaint, actor)
    held.cause, held.cost = cause, cost
    held.full_clean()
    held.save(update_fields=["cause", "cost"])


def _held(complaint: Complaint, actor: User) -> Complaint:
    return _unsolved(_locked(complaint, actor))


def _unsolved(held: Complaint) -> Complaint:
    if held.solved:
        raise ValidationError(_("This complaint is solved. Open it again first."))
    return held


def _locked(complaint: Complaint, actor: User) -> Complaint:
    """Read anew: of two who act at once, the second is told of the first."""
    demand(actor, Right.RECORD)
    demand_known(complaint.customer_id, actor)
    return Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)


def _put_class(held: Complaint, of_class: ComplaintClass) -> None:
    held.of_class = of_class
    held.answer_due = held.opened_at + timedelta(hours=of_class.answer_hours)
    held.solve_due = held.opened_at + timedelta(days=of_class.solution_days)


def _step(
    held: Complaint, kind: ComplaintStep.Kind, said: str, actor: User, at: datetime, **moved: Any
) -> None:
    told = said.strip()
    if not told and kind not in (Kind.CLASSED, Kind.ESCALATED):
        raise ValidationError({"said": _("Write down what there is to know.")})
    made = ComplaintStep(
        complaint=held, customer_id=held.customer_id, kind=kind, at=at, by=actor, **moved
    )
    made.put("said", told[: rules.LONGEST_NOTE])
    made.save()
