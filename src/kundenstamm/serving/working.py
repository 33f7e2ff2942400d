"""Which customers took the minutes of a pool: from what they were charged, at its rate by then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.kit.months import Month
from kundenstamm.ledger.models import Entry, EntryQuerySet, Source
from kundenstamm.serving.actions import ALLOCATION
from kundenstamm.serving.models import SERVING, Activity, AllocationRun, Pool
from kundenstamm.serving.queries import history, newest_run

NIL = Decimal(0)


@dataclass(frozen=True)
class Worked:
    """Minutes of a pool in a month.

    Attributes
    ----------
    rows
        Customers with their minutes, who took most first.
    known
        Minutes of all that the reader knows.
    used
        Of everybody, as the allocation has it; None: the month is not allocated.
    """

    rows: tuple[tuple[Customer, Decimal], ...] = ()
    known: Decimal = NIL
    used: Decimal | None = None


def by_customer(actor: User, pool: Pool, month: Month, at_most: int) -> Worked:
    """Who took most, among those that the reader knows."""
    run = newest_run(month)
    told = _told(run, pool.pk)
    if told is None:
        return Worked()
    rate, used = _rate(told), Decimal(told["used"])
    charged = _charged(actor, pool).filter(date__gte=month.first, date__lte=month.last)
    sums = charged.order_by().values("customer").annotate(sum=Sum("amount")).filter(sum__lt=0)
    first: list[Any] = list(sums.order_by("sum", "customer")[:at_most])
    people = Customer.objects.visible_to(actor).in_bulk([row["customer"] for row in first])
    rows = tuple((people[row["customer"]], -row["sum"] / rate) for row in first) if rate else ()
    whole = charged.aggregate(sum=Sum("amount"))["sum"] or NIL
    return Worked(rows, -whole / rate if rate else NIL, used)


def by_pool(actor: User, customers: Iterable[int], first: Month, last: Month) -> dict[int, Decimal]:
    """Pool → minutes that some customers took together in a month, on average over those of these
    months that are allocated."""
    runs: dict[Any, AllocationRun] = {
        run.month: run for run in history().filter(month__range=(first.first, last.first))[::-1]
    }
    among, found = list(customers), {}
    for pool in Pool.objects.all() if runs else ():
        charged = _charged(actor, pool).filter(
            customer__in=among, date__gte=first.first, date__lte=last.last
        )
        months = charged.order_by().annotate(month=TruncMonth("date")).values("month")
        rows: Any = months.annotate(sum=Sum("amount")).values_list("month", "sum")
        minutes = sum((_minutes(runs.get(month), pool, -money) for month, money in rows), NIL)
        found[pool.pk] = minutes / len(runs)
    return {pool: minutes for pool, minutes in found.items() if minutes > 0}


def minutes_of(
    actor: User, pool: Pool, customers: Iterable[int], first: Month, last: Month
) -> dict[int, Decimal]:
    """Customer → minutes of a pool that it took in those of these months that are allocated."""
    runs: dict[Any, AllocationRun] = {
        run.month: run for run in history().filter(month__range=(first.first, last.first))[::-1]
    }
    charged = _charged(actor, pool).filter(
        customer__in=list(customers), date__gte=first.first, date__lte=last.last
    )
    months = charged.order_by().annotate(month=TruncMonth("date")).values("customer", "month")
    found: dict[int, Decimal] = defaultdict(Decimal)
    rows: Any = months.annotate(sum=Sum("amount")).values_list("customer", "month", "sum")
    for customer, month, money in rows:
        found[customer] += _minutes(runs.get(month), pool, -money)
    return {customer: minutes for customer, minutes in found.items() if minutes > 0}


def _charged(actor: User, pool: Pool) -> EntryQuerySet:
    """Entries of the allocation that charge work of a pool."""
    source = Source.objects.filter(name=ALLOCATION.source).values("pk")[:1]
    work = Activity.objects.filter(type__pool=pool).values("pk")
    kinds = [kind.value for kind in SERVING]
    return Entry.objects.visible_to(actor).filter(source=source, kind__in=kinds, line__in=work)


def _told(run: AllocationRun | None, pool: int) -> dict[str, Any] | None:
    told: list[dict[str, Any]] = run.result.get("pools", []) if run else []
    return next((each for each in told if each["pool_id"] == pool), None)


def _rate(told: dict[str, Any]) -> Decimal:
    """A pool that worked beyond its capacity charges what it costs, so a minute is cheaper."""
    minutes = max(Decimal(told["capacity"]), Decimal(told["used"]))
    return Decimal(told["cost"]) / minutes


def _minutes(run: AllocationRun | None, pool: Pool, money: Decimal) -> Decimal:
    told = _told(run, pool.pk)
    rate = _rate(told) if told else NIL
    return money / rate if rate else NIL
