"""The same end customer served directly and through a dealer, and what dealers reported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from kundenstamm.chain.knowing import known_otherwise
from kundenstamm.chain.models import Reckoning, SellThrough, SellThroughQuerySet, Standing
from kundenstamm.chain.reading import YEAR
from kundenstamm.customers.chain_queries import known_links
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.lifecycle.models import Estimate, ValuationRun


@dataclass(frozen=True)
class Conflict:
    """What we invoiced an end customer, and what a dealer reported of it, twelve months each."""

    end_customer: Customer
    dealer: Customer
    direct: Decimal
    reported: Decimal


@dataclass(frozen=True)
class SoldOn:
    """Twelve months of one dealer: bought from us, reported as sold on, and to how many.

    ``unnamed``: what went to end customers who are not in the base.
    """

    bought: Decimal
    reported: Decimal
    unnamed: Decimal
    last_day: date | None


def conflicts(
    actor: User, run: ValuationRun | None, day: date, *, of: Customer | None = None, at_most: int
) -> list[Conflict]:
    """Those that the actor knows, the largest direct sales first; ``of``: one dealer, or end.

    A dealer that supplies them no longer on the day is none.
    """
    if run is None:
        return []
    invoiced = Estimate.objects.visible_one_by_one(actor).filter(run=run, year_net_revenue__gt=0)
    found = _reported(actor, run).named()
    if of is not None:
        found = found.filter(Q(dealer=of) | Q(end_customer=of))
    elif Reckoning.objects.exists():
        # Those that the reckoning found: no reason to add up all that anybody ever reported.
        marked = Standing.objects.visible_one_by_one(actor).filter(conflict=True)
        ends = {*marked.values_list("customer", flat=True), *known_otherwise(actor, day)}
        found = found.filter(end_customer__any_of=ends)
    else:
        found = found.filter(end_customer__in=invoiced.values("customer"))
    pairs = found.values_list("dealer", "end_customer").annotate(of=Sum("amount")).filter(of__gt=0)
    reported = {(dealer, end): amount for dealer, end, amount in pairs.order_by()}
    direct = dict(
        invoiced.filter(customer__any_of={end for _dealer, end in reported}).values_list(
            "customer", "year_net_revenue"
        )
    )
    told = [
        Conflict(end, dealer, direct[end.pk], reported[dealer.pk, end.pk])
        for dealer, end in _linked(actor, day, {pair for pair in reported if pair[1] in direct})
    ]
    return sorted(told, key=lambda each: (-each.direct, each.end_customer.pk))[:at_most]


def _linked(
    actor: User, day: date, pairs: set[tuple[int, int]]
) -> Iterator[tuple[Customer, Customer]]:
    """Those where the first supplies the second on the day, and the actor knows both."""
    if not pairs:
        return
    upper, lower = ({pair[at] for pair in pairs} for at in (0, 1))
    links = known_links(actor).on(day).filter(upstream__any_of=upper, downstream__any_of=lower)
    names = Customer.objects.visible_one_by_one(actor).in_bulk(upper | lower)
    for dealer, end in pairs.intersection(links.values_list("upstream", "downstream")):
        if dealer in names and end in names:
            yield names[dealer], names[end]


def sold_on(actor: User, run: ValuationRun | None, dealer: Customer) -> SoldOn | None:
    """None where the dealer reported nothing in the twelve months."""
    if run is None:
        return None
    found = _reported(actor, run).filter(dealer=dealer)
    rows = list(found.values_list("end_customer", "amount", "last_day"))
    if not rows:
        return None
    bought = Estimate.objects.visible_one_by_one(actor).filter(run=run, customer=dealer)
    return SoldOn(
        bought=next(iter(bought.values_list("year_net_revenue", flat=True)), Decimal(0)),
        reported=sum((amount for _end, amount, _day in rows), Decimal(0)),
        unnamed=sum((amount for end, amount, _day in rows if end is None), Decimal(0)),
        last_day=max(day for _end, _amount, day in rows),
    )


def _reported(actor: User, run: ValuationRun) -> SellThroughQuerySet:
    known = SellThrough.objects.visible_one_by_one(actor)
    return known.filter(last_day__gt=run.as_of - YEAR, last_day__lte=run.as_of)
