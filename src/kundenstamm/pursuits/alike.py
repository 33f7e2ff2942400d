"""Which customers of the base a prospect is judged by: like it in link, trade and region, and of
the size that is promised. Only customers that the reader knows (``docs/decisions/comparing.md``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import log
from typing import Any

from django.db.models import Q

from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.worth.pursuit.comparables import TIMES, of_size

AT_LEAST, AT_MOST, LOOKED_AT = 4, 12, 250
A_YEAR = timedelta(days=365)
# In what they are like it; the first rung with enough counts. Size alone makes nobody comparable.
LADDER = (("link", "trade", "region"), ("link", "trade"), ("trade",), ("link",))


@dataclass(frozen=True)
class One:
    """A customer with its last twelve months; money."""

    customer: Customer
    turnover: Decimal
    margin: Decimal | None


@dataclass(frozen=True)
class Alike:
    """Those it is judged by, the nearest in size first.

    Attributes
    ----------
    alike
        In what they are like it; empty without any.
    others
        How many of its link and trade were left out, being of another size.
    as_of
        Up to which day the twelve months go.
    """

    found: tuple[One, ...] = ()
    alike: tuple[str, ...] = ()
    others: int = 0
    as_of: date | None = None

    @property
    def turnovers(self) -> list[float]:
        return [float(each.turnover) for each in self.found]


def alike(actor: User, customer: Customer, promised: float) -> Alike:
    """Customers with a whole year of purchases, like this one and of the size of the promise."""
    run = latest_run()
    if run is None or promised <= 0:
        return Alike()
    known = Estimate.objects.visible_to(actor).filter(
        run=run, customer__withdrawn=False, first_day__lte=run.as_of - A_YEAR,
        year_net_revenue__gt=0,
    ).exclude(customer=customer)  # fmt: skip
    near = _near(known, promised)
    rungs = [_rung(near, customer, names) for names in LADDER]
    kept = [(names, found) for names, found in zip(LADDER, rungs, strict=True) if found]
    enough = [each for each in kept if len(each[1]) >= AT_LEAST] or kept[-1:]
    same = _same(known, customer)
    if not enough:
        return Alike(others=same, as_of=run.as_of)
    names, found = enough[0]
    return Alike(tuple(found[:AT_MOST]), names, max(same - len(found), 0), run.as_of)


def _near(known: Any, promised: float) -> list[Estimate]:
    """Of the size of the promise, the nearest on either side by one index; nearest first.

    Net revenue leads the way; what counts is turnover at our prices.
    """
    low, high = (Decimal(str(round(end, 2))) for end in (promised / TIMES, promised * TIMES))
    middle = Decimal(str(round(promised, 2)))
    found: list[Estimate] = []
    sides = (
        (Q(year_net_revenue__gte=middle, year_net_revenue__lte=high), ""),
        (Q(year_net_revenue__lt=middle, year_net_revenue__gte=low), "-"),
    )
    for side, order in sides:
        rows = known.filter(side).order_by(f"{order}year_net_revenue", f"{order}customer_id")
        found += rows.select_related("customer")[:LOOKED_AT]
    sized = [each for each in found if of_size(promised, float(each.year_gross_sales))]
    return sorted(sized, key=lambda each: abs(log(float(each.year_gross_sales) / promised)))


def _rung(near: list[Estimate], customer: Customer, names: tuple[str, ...]) -> list[One]:
    values = [getattr(customer, name) for name in names]
    if "" in values:
        return []
    return [
        One(each.customer, each.year_gross_sales, _margin(each))
        for each in near
        if [getattr(each.customer, name) for name in names] == values
    ]


def _margin(each: Estimate) -> Decimal | None:
    """Before rebates: goods against turnover at our prices."""
    if each.year_gross_sales <= 0:
        return None
    return 1 + each.year_goods / each.year_gross_sales


def _same(known: Any, customer: Customer) -> int:
    """How many of its link and trade there are, of whatever size."""
    named = {f"customer__{name}": getattr(customer, name) for name in ("link", "trade")}
    told = {name: value for name, value in named.items() if value}
    return int(known.filter(**told).count()) if told else 0
