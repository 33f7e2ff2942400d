"""Twelve months of one customer as quantities, and what is expected of the coming ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from kundenstamm.customers.models import Customer
from kundenstamm.decisions.offers import Offer
from kundenstamm.guard.models import User
from kundenstamm.ledger.models import EntryKind, Line
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.worth.decisions.terms import Interval
from kundenstamm.worth.decisions.year import Year

A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Books:
    """``coming`` and its ``interval`` are missing where nothing is expected of the customer."""

    as_of: date
    last: Year
    coming: Year | None
    interval: Interval | None


def books(actor: User, customer: Customer, today: date) -> Books:
    """What the last valuation saw of a customer, or the ledger where there was none."""
    run = latest_run()
    as_of = run.as_of if run else today
    last = _last(actor, customer, as_of)
    found = Estimate.objects.visible_to(actor).filter(run=run, customer=customer).first()
    if run is None or found is None or found.expected_before_serving is None:
        return Books(as_of, last, None, None)
    serving = float(found.expected_cost_to_serve or 0)
    coming = last.expected(float(found.expected_before_serving), serving)
    if found.expected_low is None or found.expected_high is None:
        return Books(as_of, last, coming, None)
    interval = Interval(float(found.expected_low), float(found.expected_high))
    return Books(as_of, last, coming, interval)


def share_in_scope(actor: User, customer: Customer, offer: Offer, as_of: date) -> float:
    """How much of the turnover an offer is about: all of it, or a product or category."""
    if offer.product:
        within = Q(product=offer.product)
    elif offer.category:
        within = Q(product__category=offer.category)
    else:
        return 1.0
    sold = (
        _lines(actor, customer, as_of)
        .filter(kind__gte=EntryKind.SALE, kind__lt=EntryKind.DISCOUNT)
        .aggregate(all=Sum("amount"), within=Sum("amount", filter=within))
    )
    turnover = sold["all"] or Decimal(0)
    return float((sold["within"] or Decimal(0)) / turnover) if turnover > 0 else 1.0


def _last(actor: User, customer: Customer, as_of: date) -> Year:
    rows = _lines(actor, customer, as_of).values_list("kind").annotate(of=Sum("amount")).order_by()
    return Year.of({kind: float(amount) for kind, amount in rows})


def _lines(actor: User, customer: Customer, as_of: date) -> QuerySet[Line]:
    known = Line.objects.visible_to(actor).filter(customer=customer)
    return known.filter(date__gt=as_of - A_YEAR, date__lte=as_of)
