"""What if this colleague left tomorrow: which customers, how much is at risk, who takes over."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Sum

from kundenstamm.guard.models import Team, User
from kundenstamm.relations.models import Bond, Colleague
from kundenstamm.relations.queries.people import NIL
from kundenstamm.worth.relations.leaving import LOSS, AtRisk, at_risk


@dataclass(frozen=True)
class Loss:
    """One customer. ``successor``: who could take over; ``spoke``: when they last spoke with it,
    None for who is proposed because they are of the same team (``mate``) or serve its region."""

    bond: Bond
    risk: AtRisk
    successor: Colleague | None
    spoke: date | None
    mate: bool = False


@dataclass(frozen=True)
class Leaving:
    """``risk``: of all customers, not only of those on the page; money a year."""

    colleague: Colleague
    rows: list[Loss]
    more: bool
    customers: int
    held: int
    value: Decimal
    hanging: Decimal
    risk: AtRisk
    rates: tuple[float, float]


def leaving(
    actor: User,
    colleague: Colleague,
    *,
    rates: tuple[float, float] = LOSS,
    start: int = 0,
    size: int = 25,
) -> Leaving:
    """Customers that the actor knows, most at risk first; whether they may ask: `may_see`."""
    known = Bond.objects.visible_to(actor).filter(
        colleague=colleague, customer__withdrawn=False, strength__gt=0
    )
    told = known.aggregate(n=Count("pk"), hanging=Sum("hanging"))
    held = known.held().aggregate(n=Count("pk"), value=Sum("value"))
    rows = list(known.select_related("customer").of_value()[start : start + size + 1])
    hanging = told["hanging"] or NIL
    return Leaving(
        colleague=colleague,
        rows=_with_successors(actor, colleague, rows[:size], rates),
        more=len(rows) > size,
        customers=told["n"],
        held=held["n"],
        value=held["value"] or NIL,
        hanging=hanging,
        risk=at_risk(float(hanging), rates),
        rates=rates,
    )


def _with_successors(
    actor: User, colleague: Colleague, bonds: list[Bond], rates: tuple[float, float]
) -> list[Loss]:
    second = _second(actor, colleague, bonds)
    missing = {bond.customer.region for bond in bonds if bond.customer_id not in second}
    mates = _team(colleague)
    near = _nearest(actor, colleague, missing, mates) if missing else {}
    rows = []
    for bond in bonds:
        met = second.get(bond.customer_id)
        successor = met.colleague if met else near.get(bond.customer.region)
        risk = at_risk(float(bond.hanging), rates)
        mate = successor is not None and successor.user_id in mates
        rows.append(Loss(bond, risk, successor, met.last_day if met else None, mate))
    return rows


def _second(actor: User, colleague: Colleague, bonds: list[Bond]) -> dict[int, Bond]:
    """By customer, whoever else of us knows it best."""
    known = Bond.objects.visible_to(actor).filter(
        customer__in=[bond.customer_id for bond in bonds], colleague__here=True, strength__gt=0
    )
    found: dict[int, Bond] = {}
    others = known.exclude(colleague=colleague).select_related("colleague")
    for bond in others.order_by("customer", "-strength", "colleague"):
        found.setdefault(bond.customer_id, bond)
    return found


def _nearest(
    actor: User, colleague: Colleague, regions: set[str], mates: set[int | None]
) -> dict[str, Colleague]:
    """By region, who of the same team, else of all, holds most customers there."""
    known = Bond.objects.visible_to(actor).held().filter(colleague__here=True)
    others = known.exclude(colleague=colleague).order_by()
    counted = others.filter(customer__region__in=regions).values_list(
        "customer__region", "colleague"
    )
    by_region: dict[str, Counter[int]] = {}
    for region, who, n in counted.annotate(n=Count("pk")):
        if region:
            by_region.setdefault(region, Counter())[who] = n
    all_of_them = Colleague.objects.in_bulk({pk for found in by_region.values() for pk in found})
    return {
        region: all_of_them[
            max(found, key=lambda pk: (all_of_them[pk].user_id in mates, found[pk], -pk))
        ]
        for region, found in by_region.items()
    }


def _team(colleague: Colleague) -> set[int | None]:
    if colleague.user_id is None:
        return set()
    teams = Team.objects.filter(members=colleague.user_id)
    return set(User.objects.filter(teams__in=teams).values_list("pk", flat=True))
