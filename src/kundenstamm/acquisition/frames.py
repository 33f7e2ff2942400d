"""Rows of the database as arrivals: who was won when and how, and what each brought since.

For the job that stores them, which sees everybody: pages read what it has stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Any

from django.db import connection
from django.db.models import F, Min, Q, Sum
from django.db.models.functions import TruncMonth

from kundenstamm.acquisition import rules
from kundenstamm.acquisition.models import Origin, Spending, Touch
from kundenstamm.acquisition.touched import CONTACTS
from kundenstamm.care.models import Interaction
from kundenstamm.customers.models import Customer
from kundenstamm.ledger.models import Entry
from kundenstamm.lifecycle.models import Estimate, QuarterSum, ValuationRun
from kundenstamm.serving.models import PoolMonth

# No whole year of months is worth waiting longer for than this.
LONGEST = 60
NIL = Decimal(0)


@dataclass(frozen=True)
class Cost:
    """Of a channel in a month, money; ``unvalued``: hours of which nobody knows what they cost."""

    channel: str
    month: date
    amount: float
    unvalued: Decimal


@dataclass
class Money:
    """What the ledger says of one customer, exact; see `models.Arrival` for the places."""

    brought: dict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    took: dict[date, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    before: Decimal = NIL

    def months(self, whole: int) -> list[Decimal]:
        return [self.brought.get(n, NIL) for n in range(whole)]

    def beyond(self, whole: int) -> Decimal:
        return sum((each for n, each in self.brought.items() if n >= whole), NIL)


@dataclass(frozen=True)
class Row:
    """One customer as it is stored."""

    customer: int
    codes: str
    day: date | None
    regular: bool
    lifetime: Decimal | None
    months: list[Decimal]
    so_far: list[Decimal]
    beyond: Decimal
    before: Decimal
    took: Mapping[date, Decimal]


def books_began(run: ValuationRun) -> date:
    """The first day of the ledger: who was won before it cannot be told, whoever asks."""
    first: date | None = Entry.objects.aggregate(first=Min("date"))["first"]
    return first or run.as_of


def arrivals(run: ValuationRun, books: date, customers: Sequence[int]) -> Iterator[Row]:
    """Of these, who was won since the books began, and prospects; not who was there before."""
    chosen = Q(customer__any_of=customers)
    regulars = set(
        QuarterSum.objects.filter(chosen, regular=True).values_list("customer", flat=True)
    )
    paths, money = _paths(run, chosen), _money(run, customers)
    rows = Estimate.objects.filter(chosen, run=run, customer__withdrawn=False)
    names = ("customer", "first_day", "customer__since", "lifetime_value")
    for pk, first, since, lifetime in rows.values_list(*names):
        day = rules.won_on(first, since, books)
        # Records that say since when it is a customer tell of one from before the books.
        if day is None and (first is not None or since is not None):
            continue
        told = money.get(pk, Money())
        whole = _whole_months(day, run.as_of) if day else 0
        months = told.months(whole)
        yield Row(
            pk, ",".join(paths.get(pk, _Coming()).path(day)), day, pk in regulars, lifetime,
            months, list(accumulate(months)), told.beyond(whole), told.before, told.took,
        )  # fmt: skip


@dataclass
class _Coming:
    origin: str | None = None
    touches: list[tuple[date, str]] = field(default_factory=list)
    contacts: list[date] = field(default_factory=list)

    def path(self, day: date | None) -> list[str]:
        return rules.path(self.origin, self.touches, day, self.contacts)


def _paths(run: ValuationRun, chosen: Q) -> dict[int, _Coming]:
    """Of each customer the channel it says it comes from, what touched it when, and when we did."""
    found: dict[int, _Coming] = defaultdict(_Coming)
    for pk, code in Origin.objects.filter(chosen).values_list("customer", "channel__code"):
        found[pk].origin = code
    touches = Touch.objects.filter(chosen).order_by("day", "pk")
    for pk, day, code in touches.values_list("customer", "day", "channel__code"):
        found[pk].touches.append((day, code))
    first = F("customer__estimates__first_day")
    contacts = Interaction.objects.standing().filter(
        Q(customer__estimates__first_day=None) | Q(day__lte=first),
        chosen, CONTACTS, customer__estimates__run=run,
    )  # fmt: skip
    for pk, day in contacts.order_by("day").values_list("customer", "day").distinct():
        found[pk].contacts.append(day)
    return found


def _whole_months(first: date, last: date) -> int:
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    return min(months, LONGEST)


def _money(run: ValuationRun, customers: Sequence[int]) -> dict[int, Money]:
    """By month since the first purchase; what winning it took, and what was sold before, apart."""
    found: dict[int, Money] = defaultdict(Money)
    told: Any = {"run": run.pk, "as_of": run.as_of, "customers": list(customers)}
    with connection.cursor() as cursor:
        cursor.execute(_AMOUNTS, told)
        for pk, month, took, amount in cursor.fetchall():
            if took is not None:
                found[pk].took[took] -= amount
            elif month is not None:
                found[pk].brought[month] += amount
            else:
                found[pk].before += amount
    return found


def everybody() -> list[int]:
    """All customers, by age: a job's, which is about everybody."""
    return list(Customer.objects.order_by("pk").values_list("pk", flat=True))


def costs(as_of: date) -> list[Cost]:
    """Spending of each channel and month, hours at what their pool's cost."""
    rates = _rates()
    found: dict[tuple[str, date], Cost] = {}
    dated = Spending.objects.filter(day__lte=as_of).annotate(month=TruncMonth("day"))
    by = ("channel__code", "month", "pool")
    sums = dated.order_by(*by).values_list(*by)
    for code, month, pool, amount, hours in sums.annotate(a=Sum("amount"), h=Sum("hours")):
        valued = rules.hours_cost(hours, month, rates.get(pool, {}))
        before = found.get((code, month), Cost(code, month, 0.0, NIL))
        found[code, month] = Cost(
            code, month, before.amount + float(amount) + float(valued or 0),
            before.unvalued + (hours if valued is None else 0),
        )  # fmt: skip
    return list(found.values())


def _rates() -> Mapping[int | None, Mapping[date, Decimal]]:
    """Pool → month → what a minute costs."""
    found: dict[int | None, dict[date, Decimal]] = defaultdict(dict)
    for each in PoolMonth.objects.all():
        found[each.pool_id][each.month] = each.rate
    return found


# Serving somebody who has not bought yet is winning. A month begins on the day of the first
# purchase.
_AMOUNTS = """
SELECT customer_id,
       CASE WHEN NOT winning AND date >= first_day
            THEN (extract(year FROM age(date, first_day)) * 12
                  + extract(month FROM age(date, first_day)))::int END AS month,
       CASE WHEN winning THEN date_trunc('month', date)::date END AS took,
       sum(amount)
FROM (
    SELECT line.customer_id, line.date, line.amount, estimate.first_day,
           line.kind = 60 OR line.kind BETWEEN 50 AND 59
           AND (estimate.first_day IS NULL OR line.date < estimate.first_day) AS winning
    FROM ledger_line AS line
    JOIN lifecycle_estimate AS estimate
      ON estimate.customer_id = line.customer_id AND estimate.run_id = %(run)s
    WHERE line.customer_id = ANY(%(customers)s) AND line.date <= %(as_of)s
) AS told
GROUP BY 1, 2, 3
"""
