"""Kinds of customers one might win more of: of a value class, or like a pursuit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from kundenstamm.company.queries import profile
from kundenstamm.guard.models import User
from kundenstamm.kit.months import Month
from kundenstamm.lifecycle.models import Estimate, ValuationRun
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.pursuits.alike import A_YEAR
from kundenstamm.pursuits.models import NIL
from kundenstamm.pursuits.rules import MONTHS, coming, month_after
from kundenstamm.pursuits.sheets import Sheet, beginning
from kundenstamm.serving.working import by_pool
from kundenstamm.worth.care.cadence import Bounds, Cadence, ValueClass

# Minutes are taken from so many customers of a class; more would say the same.
LOOKED_AT = 400
TICK = Decimal("0.1")


@dataclass(frozen=True)
class Kind:
    """The average customer of a value class, in the last twelve months.

    Attributes
    ----------
    customers
        How many whole-year customers it is the average of.
    turnover
        At our prices, money a year.
    margin
        Share of it that goods and reductions leave.
    minutes
        A month, by pool's id.
    """

    value_class: str
    customers: int
    turnover: Decimal
    margin: Decimal
    minutes: Mapping[int, Decimal] = field(default_factory=dict)

    def sheet(self, today: date) -> Sheet:
        """As one that is won for sure."""
        return typed(self.turnover, self.margin, self.minutes, today)


def typed(turnover: Decimal, margin: Decimal, minutes: Mapping[int, Decimal], today: date) -> Sheet:
    """A customer of whom only this is known; all else as a sheet begins."""
    first = beginning(profile(), today)
    return Sheet(
        turnover, margin, first.first_month, payment_days=first.payment_days, chance=Decimal(1),
        minutes=minutes,
    )  # fmt: skip


def of_class(actor: User, value_class: str, today: date) -> Kind | None:
    """Of the customers that the reader knows; None where nobody is of the class."""
    run = latest_run()
    if run is None or value_class not in set(ValueClass):
        return None
    return _kind(actor, run, ValueClass(value_class), _bounds(actor, run), today)


def _bounds(actor: User, run: ValuationRun) -> Bounds:
    company = profile()
    known = Estimate.objects.visible_to(actor).filter(run=run, expected_contribution__gt=0)
    rows = known.values_list("expected_contribution", flat=True)
    expected = [float(each or 0) for each in rows]
    shares = float(company.class_a_share), float(company.class_b_share)
    return Bounds.of(expected, Cadence(*shares))


def _kind(
    actor: User, run: ValuationRun, of: ValueClass, bounds: Bounds, today: date
) -> Kind | None:
    rows = Estimate.objects.visible_to(actor).filter(
        run=run, customer__withdrawn=False, first_day__lte=run.as_of - A_YEAR,
        year_gross_sales__gt=0, **_between(of, bounds),
    )  # fmt: skip
    names = ("year_gross_sales", "year_returns", "year_reductions", "year_goods")
    sums: Any = rows.aggregate(**{name: Sum(name) for name in names})
    number = rows.count()
    if not number or not sums["year_gross_sales"]:
        return None
    gross = sums["year_gross_sales"]
    margin = sum((sums[name] for name in names), NIL) / gross
    minutes = _minutes(actor, rows, today)
    return Kind(of.value, number, round(gross / number, 2), round(margin, 4), minutes)


def _between(of: ValueClass, bounds: Bounds) -> dict[str, Any]:
    """Whoever is expected to bring from so much up to less than so much."""
    least = {"A": bounds.least_a, "B": bounds.least_b, "C": 0.0}[of.value]
    most = {"A": float("inf"), "B": bounds.least_a, "C": bounds.least_b}[of.value]
    ends = {"gte": least, "lt": most}
    told = {
        f"expected_contribution__{side}": Decimal(str(round(end, 4)))
        for side, end in ends.items()
        if end != float("inf")
    }
    # A class whose least is beyond everybody has nobody in it.
    return told | ({"pk": None} if least == float("inf") else {})


def _minutes(actor: User, rows: Any, today: date) -> dict[int, Decimal]:
    """Of the twelve months before the coming one; by key: as good as drawn by lot."""
    among = list(rows.order_by("customer__key").values_list("customer", flat=True)[:LOOKED_AT])
    ends = coming(today)
    first, last = Month(month_after(ends, -MONTHS)), Month(month_after(ends, -1))
    found = by_pool(actor, among, first, last)
    each = {pool: minutes / len(among) for pool, minutes in found.items()}
    return {pool: minutes.quantize(TICK) for pool, minutes in each.items() if minutes >= TICK}
