"""Customers that lose, and what is known of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from kundenstamm.customers.models import Customer, Link
from kundenstamm.decisions.queries.fullness import avoidable_shares
from kundenstamm.guard.models import User
from kundenstamm.ledger.models import EntryKind, Line
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.worth.decisions.loss import Loss
from kundenstamm.worth.decisions.year import Year
from kundenstamm.worth.levels import Kind

A_YEAR = timedelta(days=365)
DEALERS = (Link.DEALER, Link.WHOLESALER)
# A part of what an order is worth; what comes back of it comes on other documents.
ORDERED = (EntryKind.SALE, EntryKind.DISCOUNT, EntryKind.REBATE, EntryKind.PROMOTION)


@dataclass(frozen=True)
class LossMakers:
    """Those of one page, the worst first; number and sum of all of them."""

    as_of: date
    number: int
    total: Decimal
    estimates: list[Estimate]
    losses: Mapping[int, Loss]


def loss_makers(actor: User, start: int, shown: int) -> LossMakers | None:
    """Contribution III of twelve months below nil, and a customer for longer than these.

    Who is new has paid for being won and had no time to bring it back. None before the first
    valuation.
    """
    run = latest_run()
    if run is None:
        return None
    found = Estimate.objects.visible_to(actor).filter(
        run=run, year_contribution_3__lt=0, first_day__lte=run.as_of - A_YEAR,
        customer__withdrawn=False, customer__parted_on__isnull=True,
    )  # fmt: skip
    total = found.aggregate(of=Sum("year_contribution_3"))["of"] or Decimal(0)
    ordered = found.select_related("customer").order_by("year_contribution_3", "customer_id")
    page = list(ordered[start : start + shown])
    customers = [each.customer for each in page]
    return LossMakers(
        as_of=run.as_of,
        number=found.count(),
        total=total,
        estimates=page,
        losses=losses_of(actor, customers, run.as_of),
    )


def losses_of(actor: User, customers: Collection[Customer], as_of: date) -> dict[int, Loss]:
    """The twelve months up to a day of each customer, with what would vanish of them."""
    years, orders = _amounts(actor, customers, as_of), _orders(actor, customers, as_of)
    shares, dealer = avoidable_shares(as_of), _has_dealers(actor)
    return {
        each.pk: Loss(
            year=Year.of(years[each.pk]),
            # Nobody is won twice.
            one_off={Kind.ACQUISITION: years[each.pk].get(Kind.ACQUISITION, 0.0)},
            avoidable=shares,
            orders=tuple(orders[each.pk]),
            dealer=dealer and each.link not in DEALERS,
        )
        for each in customers
    }


def measured(actor: User, customer: Customer, first: date, last: date) -> Year:
    """What the ledger says of some days of one customer."""
    return Year.of(_sums(_between(actor, [customer], first, last))[customer.pk])


def _amounts(
    actor: User, customers: Collection[Customer], as_of: date
) -> Mapping[int, dict[int, float]]:
    return _sums(_between(actor, customers, as_of - A_YEAR + timedelta(days=1), as_of))


def _between(
    actor: User, customers: Collection[Customer], first: date, last: date
) -> QuerySet[Line]:
    known = Line.objects.visible_to(actor).filter(customer__in=customers)
    return known.filter(date__gte=first, date__lte=last)


def _sums(lines: QuerySet[Line]) -> Mapping[int, dict[int, float]]:
    found: dict[int, dict[int, float]] = defaultdict(dict)
    rows = lines.values_list("customer_id", "kind").annotate(of=Sum("amount")).order_by()
    for customer, kind, amount in rows:
        found[customer][kind] = float(amount)
    return found


def _orders(actor: User, customers: Collection[Customer], as_of: date) -> Mapping[int, list[float]]:
    """Net value of each document that sold something."""
    lines = _between(actor, customers, as_of - A_YEAR + timedelta(days=1), as_of)
    rows = (
        lines.filter(kind__in=ORDERED)
        .values_list("customer_id", "source_id", "document")
        .annotate(net=Sum("amount"), sold=Sum("amount", filter=Q(kind=EntryKind.SALE)))
        .filter(sold__gt=0, net__gt=0)
        .order_by("customer_id", "document")
    )
    found: dict[int, list[float]] = defaultdict(list)
    for customer, _source, _document, net, _sold in rows:
        found[customer].append(float(net))
    return found


def _has_dealers(actor: User) -> bool:
    return Customer.objects.visible_to(actor).filter(link=Link.DEALER).exists()
