"""What happens to plans of repair: a rung is chosen, its letter written, the plan ended."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kundenstamm.customers import actions as customer_actions
from kundenstamm.customers.actions import demand_known
from kundenstamm.customers.models import Customer
from kundenstamm.decisions.actions import day_of
from kundenstamm.decisions.models import RepairPlan
from kundenstamm.decisions.models import Rung as RungChoice
from kundenstamm.decisions.queries.losses import losses_of
from kundenstamm.decisions.repairing import Assumed, figures, reckoned
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, demand
from kundenstamm.lifecycle.queries.runs import day_told
from kundenstamm.worth.decisions.rungs import Rung


@transaction.atomic
def choose(
    customer: Customer,
    rung: Rung,
    assumed: Assumed,
    starts_on: date,
    *,
    reason: str,
    actor: User,
    at: datetime,
) -> RepairPlan:
    """Keep a rung as the plan for a customer, with what was measured and expected.

    Raises
    ------
    Forbidden
        The actor may not decide this, or may not know of the customer.
    ValidationError
        The rung does not exist here, lies in the past, or another plan is running.
    """
    demand(actor, Right.PART if rung == Rung.LET_GO else Right.SIGN)
    demand_known(customer.pk, actor)
    if starts_on < day_of(at):
        raise ValidationError({"starts_on": _("Choose today or a later day.")})
    as_of = day_told(day_of(at))
    ladder = reckoned(losses_of(actor, [customer], as_of)[customer.pk], assumed)
    chosen = ladder.advice.brought(rung)
    if chosen.refusal is not None:
        raise ValidationError(_(chosen.refusal.template))
    made = RepairPlan(
        customer=customer, rung=RungChoice(rung.value), size=Decimal(str(round(chosen.size, 4))),
        starts_on=starts_on, reason=reason.strip(), as_of=as_of, figures=figures(ladder, rung),
        chosen_by=actor, chosen_at=at,
    )  # fmt: skip
    made.full_clean()
    made.save()
    return made


def write_letter(
    plan: RepairPlan,
    language: str,
    text: str,
    *,
    actor: User,
    at: datetime,
) -> None:
    """Keep the letter as it was worked over; empty: the draft again.

    Raises
    ------
    Forbidden
        The actor may not decide this, or may not know of the customer.
    """
    _demand(plan, Right.SIGN, actor)
    name = "letter_de" if language == "de" else "letter_en"
    # What a browser sends has other ends of lines than what we keep.
    setattr(plan, name, text.replace("\r\n", "\n").strip())
    plan.full_clean()
    plan.save(update_fields=[name])


def end_plan(plan: RepairPlan, *, reason: str, actor: User, at: datetime) -> None:
    """The plan is over: done, given up, or another takes its place.

    Raises
    ------
    Forbidden
        The actor may not decide this, or may not know of the customer.
    ValidationError
        It has ended already, or no reason is given.
    """
    _demand(plan, Right.SIGN, actor)
    _end(plan, reason, actor, at)


@transaction.atomic
def let_go(plan: RepairPlan, last_day: date, *, actor: User, at: datetime) -> None:
    """We end the relationship on a day, for the reason that the plan has.

    Raises
    ------
    Forbidden
        The actor may not part with customers, or may not know of this one.
    ValidationError
        The plan is another, or has ended.
    """
    _demand(plan, Right.PART, actor)
    if plan.rung != RungChoice.LET_GO or not plan.is_running:
        raise ValidationError(_("Choose “Let go” first, with its reason."))
    customer_actions.part(plan.customer, last_day, actor=actor, at=at)


@transaction.atomic
def take_back(plan: RepairPlan, *, reason: str, actor: User, at: datetime) -> None:
    """The customer is one again, and the plan to let it go is over. Raises as `let_go`."""
    _demand(plan, Right.PART, actor)
    _end(plan, reason, actor, at)
    customer_actions.part(plan.customer, None, actor=actor, at=at)


def _demand(plan: RepairPlan, right: Right, actor: User) -> None:
    demand(actor, right)
    demand_known(plan.customer_id, actor)


def _end(plan: RepairPlan, reason: str, actor: User, at: datetime) -> None:
    if not plan.is_running:
        raise ValidationError(_("This plan has ended already."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    plan.ended_by, plan.ended_at, plan.end_reason = actor, at, reason.strip()
    plan.full_clean()
    plan.save(update_fields=["ended_by", "ended_at", "end_reason"])
