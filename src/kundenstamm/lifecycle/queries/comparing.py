"""Whom to measure a customer against: others like it, among those whom the reader knows anyway.

Averages over customers that one may not know could be taken apart: two averages that differ by one
customer tell that customer's figures. So nobody is averaged who is not the reader's to see
(``docs/decisions/comparing.md``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.ledger.models import Entry, EntryKind
from kundenstamm.lifecycle.frames.base import YEAR
from kundenstamm.lifecycle.models import Estimate, ValuationRun
from kundenstamm.worth.levels import STATEMENT

AT_LEAST, AT_MOST = 8, 24
# Of similar size: from a third to the threefold of the net revenue, and of those the nearest.
TIMES = 3
LOOKED_AT = 250
# What the customer and the others must be alike in; the first rung with enough counts.
LADDER = (("link", "trade"), ("link",), ("trade",), ())
# Parts of the bridge that are kept as levels only; the others are told by kind of entry.
BY_KIND = (20, 69)


@dataclass(frozen=True)
class Difference:
    """The part in which the customer differs most, as shares of net revenue; costs positive."""

    kind: EntryKind
    own: float
    others: float


@dataclass(frozen=True)
class Comparable:
    """Averages over others. ``alike``: in what they are, beside their size; perhaps nothing.

    ``shares``: level or subtotal → share of their common net revenue; so they add up as the bridge
    does, and sizes do not matter.
    """

    customers: int
    alike: tuple[str, ...]
    shares: Mapping[str, float]
    year_cost_to_serve: Decimal
    expected_contribution: Decimal | None
    largest: Difference | None


def comparable(
    actor: User, run: ValuationRun, customer: Customer, estimate: Estimate
) -> Comparable | None:
    """The nearest in size of the first rung of the ladder that has enough; None if none has."""
    net = estimate.year_net_revenue
    if net <= 0:
        return None
    near = _near(actor, run, customer, net)
    for alike in LADDER:
        if "" in (values := [getattr(customer, name) for name in alike]):
            continue
        group = [each for each in near if [each[name] for name in alike] == values]
        if len(group) >= AT_LEAST:
            return _compared(actor, run, estimate, alike, group[:AT_MOST])
    return None


def _near(actor: User, run: ValuationRun, customer: Customer, net: Decimal) -> list[dict[str, Any]]:
    """The nearest by net revenue, larger and smaller, both by one index; nearest first."""
    others = Estimate.objects.visible_to(actor).filter(run=run, customer__withdrawn=False)
    others = others.exclude(customer=customer)
    names = (*(f"year_{name}" for name in STATEMENT), "expected_contribution")
    of_customer = {name: f"customer__{name}" for name in ("link", "trade")}
    found: list[dict[str, Any]] = []
    sides = (
        (Q(year_net_revenue__gte=net, year_net_revenue__lte=net * TIMES), ""),
        (Q(year_net_revenue__lt=net, year_net_revenue__gte=net / TIMES), "-"),
    )
    for side, order in sides:
        nearest = others.filter(side).order_by(f"{order}year_net_revenue", f"{order}customer_id")
        rows = nearest.values("customer_id", *names, *of_customer.values())[:LOOKED_AT]
        found += [row | {name: row[path] for name, path in of_customer.items()} for row in rows]
    return sorted(found, key=lambda row: max(net / row["year_net_revenue"],
                                             row["year_net_revenue"] / net))  # fmt: skip


def _compared(
    actor: User,
    run: ValuationRun,
    estimate: Estimate,
    alike: tuple[str, ...],
    group: list[dict[str, Any]],
) -> Comparable:
    sums = {name: sum(row[f"year_{name}"] for row in group) for name in STATEMENT}
    expected = [row["expected_contribution"] for row in group]
    known = [each for each in expected if each is not None]
    return Comparable(
        customers=len(group),
        alike=alike,
        shares={name: float(amount / sums["net_revenue"]) for name, amount in sums.items()},
        year_cost_to_serve=sums["cost_to_serve"] / len(group),
        expected_contribution=sum(known) / len(known) if known else None,
        largest=_largest(actor, run, estimate, [row["customer_id"] for row in group], sums),
    )


def _largest(
    actor: User,
    run: ValuationRun,
    estimate: Estimate,
    others: list[int],
    sums: Mapping[str, Decimal],
) -> Difference | None:
    """By kind of entry, and goods as a whole: they are estimated line by line."""
    own: dict[int, Decimal] = {EntryKind.COGS: estimate.year_goods / estimate.year_net_revenue}
    theirs: dict[int, Decimal] = {EntryKind.COGS: sums["goods"] / sums["net_revenue"]}
    me = estimate.customer_id
    for kind, mine, amount in _by_kind(actor, run, me, others):
        if mine:
            own[kind] = amount / estimate.year_net_revenue
        else:
            theirs[kind] = amount / sums["net_revenue"]
    differences = [
        Difference(EntryKind(kind), -float(own.get(kind, 0)), -float(theirs.get(kind, 0)))
        for kind in sorted(own.keys() | theirs.keys())
    ]
    largest = max(differences, key=lambda each: abs(each.own - each.others))
    return largest if round(largest.own, 3) != round(largest.others, 3) else None


def _by_kind(
    actor: User, run: ValuationRun, me: int, others: list[int]
) -> list[tuple[int, bool, Decimal]]:
    entries = Entry.objects.visible_to(actor).filter(
        customer__in=[me, *others], date__gt=run.as_of - YEAR, date__lte=run.as_of
    )
    entries = entries.filter(kind__range=BY_KIND).exclude(kind=EntryKind.COGS)
    found = entries.values_list("kind", "customer_id").annotate(Sum("amount")).order_by()
    sums: dict[tuple[int, bool], Decimal] = {}
    for kind, customer, amount in found:
        place = (kind, customer == me)
        sums[place] = sums.get(place, Decimal(0)) + amount
    return [(kind, mine, amount) for (kind, mine), amount in sums.items()]
