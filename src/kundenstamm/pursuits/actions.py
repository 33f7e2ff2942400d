"""What happens to pursuits: opened, weighed, moved, money and minutes booked, handed over."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kundenstamm.company.queries import profile
from kundenstamm.customers.actions import demand_known
from kundenstamm.customers.models import Customer
from kundenstamm.customers.prospecting import enter_prospect
from kundenstamm.customers.timeline import local_day
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Forbidden, Right, demand, may
from kundenstamm.pursuits import queries, rules
from kundenstamm.pursuits.frames import Weighed, weigh
from kundenstamm.pursuits.hands import hands
from kundenstamm.pursuits.models import (
    LONGEST,
    OVER,
    Pursuit,
    PursuitChange,
    PursuitNeed,
    PursuitSpending,
    PursuitStep,
    State,
)
from kundenstamm.pursuits.sheets import Sheet, beginning
from kundenstamm.worth.pursuit.plan import PlanError


@transaction.atomic
def start(customer: Customer, *, actor: User, at: datetime) -> Pursuit:
    """Begin to consider a customer without purchases or with few.

    Raises
    ------
    Forbidden
        The actor pursues nobody, or may not know of the customer.
    ValidationError
        One is running already, or the customer is a regular.
    """
    demand(actor, Right.PURSUE)
    demand_known(customer.pk, actor)
    if customer.parted_on is not None:
        raise ValidationError(_("We parted with this customer. Take it back first."))
    if not queries.may_be_pursued(actor, customer):
        raise ValidationError(
            _("This customer buys regularly already. Weigh terms under “Before signing”.")
        )
    sheet = beginning(profile(), local_day(at))
    try:
        with transaction.atomic():
            made = Pursuit.objects.create(
                customer=customer, owner=actor, margin=sheet.margin,
                payment_days=sheet.payment_days, first_month=sheet.first_month,
                opened_by=actor, opened_at=at,
            )  # fmt: skip
    except IntegrityError:
        raise ValidationError(_("A pursuit of this customer is running already.")) from None
    _note(made, "", State.CONSIDERING, actor=actor, at=at)
    return made


@transaction.atomic
def start_by_name(name: str, *, actor: User, at: datetime, **of: str) -> Pursuit:
    """Enter a prospect and begin to consider it; ``of`` and errors as `enter_prospect`."""
    made = enter_prospect(name, actor=actor, at=at, **of)
    return start(made, actor=actor, at=at)


@transaction.atomic
def keep_sheet(pursuit: Pursuit, sheet: Sheet, *, actor: User, at: datetime) -> Weighed:
    """Keep what is assumed and what follows from it; the limit only while it is considered.

    Raises
    ------
    Forbidden
        The actor pursues nobody, or may not know of the customer.
    ValidationError
        It is over, nothing is bought, or a figure cannot be.
    """
    held = _held(pursuit, actor)
    if not held.is_open:
        raise ValidationError(_("This pursuit is over: its sheet stays as it was."))
    if sheet.turnover <= 0:
        raise ValidationError({"turnover": _("Say how much would be bought a year.")})
    if len(sheet.steps) > rules.MOST_STEPS:
        raise ValidationError(
            _("These are too many steps. Keep to %(n)s.") % {"n": rules.MOST_STEPS}
        )
    _write(held, sheet)
    found = _weighed(held, sheet, actor, at)
    _judge(held, found, at)
    if held.state in (State.CONSIDERING, State.PARKED):
        held.limit = found.limit
    held.full_clean(exclude=["customer", "owner", "figures"])
    held.save()
    return found


@transaction.atomic
def move(pursuit: Pursuit, to: str, because: str = "", *, actor: User, at: datetime) -> Pursuit:
    """To another state, which stands in its history; the limit is set where it is decided to go.

    Raises
    ------
    Forbidden
        The actor pursues nobody, or may not know of the customer.
    ValidationError
        There is no way from here, nobody has weighed it, or a reason is missing.
    """
    held = _held(pursuit, actor)
    if to == held.state:
        return held
    if to not in State.values or not rules.may_move(held.state, to):
        raise ValidationError({"to": _("There is no way from here to there.")})
    if rules.needs_sheet(to) and not held.is_filled:
        raise ValidationError({"to": _("Fill in the sheet first.")})
    if rules.needs_reason(held.state, to, held.verdict) and not because.strip():
        raise ValidationError({"because": _("Say why.")})
    before, held.state = held.state, State(to)
    held.over_on = local_day(at) if to in OVER else None
    if to == State.GO and before in (State.CONSIDERING, State.PARKED):
        held.limit = _most(held)
    _save_open(held)
    _note(held, before, to, because, actor=actor, at=at)
    return held


@transaction.atomic
def book(
    pursuit: Pursuit, day: date, *, minutes: int = 0, money: Decimal = Decimal(0), what: str = "",
    actor: User, at: datetime,
) -> PursuitSpending:  # fmt: skip
    """Minutes and money spent on winning; minutes at what the pool costs by now.

    Raises
    ------
    Forbidden
        The actor pursues nobody, or may not know of the customer.
    ValidationError
        It is neither, the day is still to come, or minutes have no pool to be reckoned by.
    """
    held = _held(pursuit, actor)
    if minutes <= 0 and money <= 0:
        raise ValidationError({"minutes": _("Say how many minutes or how much money.")})
    if minutes < 0 or money < 0:
        raise ValidationError({"money": _("Neither may be below nil.")})
    today = local_day(at)
    if day > today:
        raise ValidationError({"day": _("That day is still to come.")})
    rate = hands(today).rate(held.won_by)
    made = PursuitSpending(
        pursuit=held, customer=held.customer, day=day, minutes=minutes, money=money,
        cost=money + rate * minutes, booked_by=actor, booked_at=at,
    )  # fmt: skip
    made.put("what", what.strip()[:LONGEST])
    made.save()
    return made


@transaction.atomic
def take_back(spending: PursuitSpending, *, actor: User, at: datetime) -> None:
    """Booked by mistake: it stays on record and counts no more. Raises as `book`."""
    _held(spending.pursuit, actor)
    if spending.taken_back_at is None:
        spending.taken_back_at = at
        spending.save(update_fields=["taken_back_at"])


@transaction.atomic
def hand_over(pursuit: Pursuit, to: User, *, actor: User, at: datetime) -> Pursuit:
    """Make it somebody else's, who pursues customers and may know of this one.

    Raises
    ------
    Forbidden
        The actor pursues nobody, or may not know of the customer.
    ValidationError
        The other one does not or may not, or it is theirs already.
    """
    held = _held(pursuit, actor)
    if to.pk == held.owner_id:
        raise ValidationError({"to": _("It is theirs already. Choose somebody else.")})
    if not may_own(to, held.customer_id):
        raise ValidationError(
            {"to": _("%(name)s may not pursue this customer.") % {"name": to.name}}
        )
    return give(held, to, actor=actor, at=at)


def give(pursuit: Pursuit, to: User, *, actor: User, at: datetime) -> Pursuit:
    """Make it somebody's; whoever calls this has checked that they may have it."""
    pursuit.owner = to
    pursuit.save(update_fields=["owner"])
    _note(pursuit, pursuit.state, pursuit.state, to_owner=to, actor=actor, at=at)
    return pursuit


def may_own(person: User, customer: int) -> bool:
    """Whether somebody pursues customers, and may know of this one."""
    if not may(person, Right.PURSUE):
        return False
    try:
        demand_known(customer, person)
    except Forbidden:
        return False
    return True


def weigh_now(pursuit: Pursuit, sheet: Sheet, *, actor: User, at: datetime) -> Weighed:
    """What a sheet comes to, keeping nothing.

    Raises
    ------
    ValidationError
        A figure cannot be.
    """
    return _weighed(pursuit, sheet, actor, at)


def _weighed(pursuit: Pursuit, sheet: Sheet, actor: User, at: datetime) -> Weighed:
    today = local_day(at)
    spent = queries.spent_on(actor, pursuit)
    try:
        return weigh(
            actor, pursuit.customer, sheet, today, hands=hands(today, but=pursuit.pk), spent=spent
        )
    except PlanError as refused:
        raise ValidationError(str(refused)) from None


def _held(pursuit: Pursuit, actor: User) -> Pursuit:
    """The pursuit as it stands, and so that nobody changes it beside us."""
    demand(actor, Right.PURSUE)
    demand_known(pursuit.customer_id, actor)
    found = queries.pursuits(actor).select_for_update(of=("self",))
    return found.get(pk=pursuit.pk)


def _write(pursuit: Pursuit, sheet: Sheet) -> None:
    for name in ("turnover", "margin", "rebate", "bonus", "payment_days", "chance", "staying",
                 "first_month", "ramp", "won_by"):  # fmt: skip
        setattr(pursuit, name, getattr(sheet, name))
    told: dict[str, Any] = {"pursuit": pursuit, "customer": pursuit.customer}
    pursuit.needs.all().delete()
    PursuitNeed.objects.bulk_create(
        PursuitNeed(pool_id=pool, minutes=minutes, **told)
        for pool, minutes in sheet.minutes.items()
        if minutes > 0
    )
    pursuit.steps.all().delete()
    for position, step in enumerate(sheet.steps, start=1):
        made = PursuitStep(position=position, minutes=step.minutes, money=step.money, **told)
        made.put("what", step.what.strip()[:LONGEST])
        made.save()


def _judge(pursuit: Pursuit, found: Weighed, at: datetime) -> None:
    pursuit.figures, pursuit.judged_at = found.as_data(), at
    pursuit.verdict = found.judged.verdict.value
    pursuit.expected = Decimal(str(pursuit.figures["expected"]))


def _most(pursuit: Pursuit) -> Decimal | None:
    """As it was judged last."""
    told = pursuit.figures.get("most")
    return None if told is None else Decimal(str(told))


def _save_open(pursuit: Pursuit) -> None:
    """One that is taken up again may meet another that was opened meanwhile."""
    try:
        with transaction.atomic():
            pursuit.save(update_fields=["state", "over_on", "limit"])
    except IntegrityError:
        raise ValidationError(_("A pursuit of this customer is running already.")) from None


def _note(
    pursuit: Pursuit, before: str, after: str, because: str = "", *,
    to_owner: User | None = None, actor: User, at: datetime,
) -> None:  # fmt: skip
    made = PursuitChange(
        pursuit=pursuit, customer=pursuit.customer, before=before, after=after, to_owner=to_owner,
        verdict=pursuit.verdict, by=actor, at=at,
    )  # fmt: skip
    made.put("because", because.strip()[:LONGEST])
    made.save()
