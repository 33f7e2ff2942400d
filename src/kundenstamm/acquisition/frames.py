"""Rows of the database as plain tables for `figures`: who was won when, and what each brought.

Everything is of customers that the actor knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Min

from kundenstamm.acquisition import rules
from kundenstamm.acquisition.models import Origin, Spending, Touch
from kundenstamm.guard.models import User
from kundenstamm.guard.queries import known_customers
from kundenstamm.ledger.models import Entry
from kundenstamm.lifecycle.models import Estimate, QuarterSum, ValuationRun
from kundenstamm.serving.models import PoolMonth

# No whole year of months is worth waiting longer for than this.
LONGEST = 60


@dataclass
class Won:
    """One customer: when it was won (None: not yet), and by which channels, in their order.

    ``months``: contribution of each whole month since, before what winning cost, money;
    ``winning``: what winning it took in the ledger, money above 0, by day.
    """

    customer: int
    day: date | None
    path: list[str]
    traits: dict[str, str]
    regular: bool = False
    lifetime: float | None = None
    months: list[float] = field(default_factory=list)
    winning: list[tuple[date, float]] = field(default_factory=list)


@dataclass(frozen=True)
class Cost:
    """Of a channel in a month, money; ``unvalued``: hours of which nobody knows what they cost."""

    channel: str
    month: date
    amount: float
    unvalued: Decimal


def books_began(actor: User) -> date | None:
    """The first day of the ledger, as far as the actor knows it."""
    found = Entry.objects.visible_to(actor).aggregate(first=Min("date"))
    first: date | None = found["first"]
    return first


def customers(actor: User, run: ValuationRun) -> list[Won]:
    """Everybody that was won since the books began, and prospects; not who was there before."""
    books = books_began(actor) or run.as_of
    paths = _paths(actor)
    regulars = set(
        QuarterSum.objects.visible_to(actor).filter(regular=True).values_list("customer", flat=True)
    )
    rows = Estimate.objects.visible_to(actor).filter(run=run, customer__withdrawn=False)
    names = ("customer", "first_day", "customer__since", "lifetime_value", "customer__trade",
             "customer__region", "customer__link", "customer__kind")  # fmt: skip
    found = []
    for pk, first, since, lifetime, trade, region, link, kind in rows.values_list(*names):
        day = rules.won_on(first, since, books)
        # Records that say since when it is a customer tell of one from before the books.
        if day is None and (first is not None or since is not None):
            continue
        origin, touches = paths.get(pk, (None, []))
        path = rules.path(origin, touches, day)
        traits = {"trade": trade, "region": region, "link": link, "kind": kind,
                  "channel": path[0] if path else ""}  # fmt: skip
        of = Won(pk, day, path, traits, pk in regulars)
        of.lifetime = None if lifetime is None else float(lifetime)
        found.append(of)
    _put_money(actor, run, found)
    return found


def _paths(actor: User) -> dict[int, tuple[str | None, list[tuple[date, str]]]]:
    """Of each customer the channel that it says it comes from, and what touched it when."""
    touches = defaultdict(list)
    known = Touch.objects.visible_to(actor).order_by("day", "pk")
    for pk, day, code in known.values_list("customer", "day", "channel__code"):
        touches[pk].append((day, code))
    origins = dict(Origin.objects.visible_to(actor).values_list("customer", "channel__code"))
    return {pk: (origins.get(pk), touches.get(pk, [])) for pk in {*touches, *origins}}


def _put_money(actor: User, run: ValuationRun, found: list[Won]) -> None:
    """What each brought month by month, and what winning it took."""
    monthly, winning = _monthly(actor, run), _winning(actor, run)
    for each in found:
        each.winning = winning.get(each.customer, [])
        if each.day is not None:
            sums = monthly.get(each.customer, {})
            each.months = [sums.get(n, 0.0) for n in range(_whole_months(each.day, run.as_of))]


def _whole_months(first: date, last: date) -> int:
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    return min(months, LONGEST)


def _monthly(actor: User, run: ValuationRun) -> dict[int, dict[int, float]]:
    """Customer → month since the first purchase → contribution before what winning cost."""
    found: dict[int, dict[int, float]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_MONTHLY.format(known=known_customers(actor, "line.customer_id")), _of(run))
        for pk, month, amount in cursor.fetchall():
            found[pk][month] = float(amount)
    return found


def _winning(actor: User, run: ValuationRun) -> dict[int, list[tuple[date, float]]]:
    """Customer → what winning it took, by month: entries for it, and serving before it bought."""
    found = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_WINNING.format(known=known_customers(actor, "entry.customer_id")), _of(run))
        for pk, month, amount in cursor.fetchall():
            found[pk].append((month, float(amount)))
    return found


def _of(run: ValuationRun) -> dict[str, int | date]:
    return {"run": run.pk, "as_of": run.as_of}


def costs(as_of: date) -> list[Cost]:
    """Spending of each channel and month, hours at what their pool's cost."""
    rates = _rates()
    found: dict[tuple[str, date], Cost] = {}
    rows = Spending.objects.filter(day__lte=as_of).order_by("day")
    names = ("channel__code", "day", "amount", "hours", "pool")
    for code, day, amount, hours, pool in rows.values_list(*names):
        month = day.replace(day=1)
        valued = rules.hours_cost(hours, month, rates.get(pool, {}))
        before = found.get((code, month), Cost(code, month, 0.0, Decimal(0)))
        found[code, month] = Cost(
            code, month, before.amount + float(amount) + float(valued or 0),
            before.unvalued + (hours if valued is None else 0),
        )  # fmt: skip
    return list(found.values())


def _rates() -> Mapping[int, Mapping[date, Decimal]]:
    """Pool → month → what a minute costs."""
    found: dict[int, dict[date, Decimal]] = defaultdict(dict)
    for each in PoolMonth.objects.all():
        found[each.pool_id][each.month] = each.rate
    return found


_MONTHLY = """
SELECT line.customer_id,
       (extract(year FROM age(line.date, estimate.first_day)) * 12
        + extract(month FROM age(line.date, estimate.first_day)))::int AS month,
       sum(line.amount)
FROM ledger_line AS line
JOIN lifecycle_estimate AS estimate
  ON estimate.customer_id = line.customer_id AND estimate.run_id = %(run)s
WHERE line.kind <> 60 AND line.date BETWEEN estimate.first_day AND %(as_of)s AND {known}
GROUP BY 1, 2
"""

# Serving somebody who has not bought yet is winning.
_WINNING = """
SELECT entry.customer_id, date_trunc('month', entry.date)::date, -sum(entry.amount)
FROM ledger_entry AS entry
JOIN lifecycle_estimate AS estimate
  ON estimate.customer_id = entry.customer_id AND estimate.run_id = %(run)s
WHERE entry.date <= %(as_of)s
  AND (entry.kind = 60 OR entry.kind BETWEEN 50 AND 59
       AND (estimate.first_day IS NULL OR entry.date < estimate.first_day))
  AND {known}
GROUP BY 1, 2
"""
