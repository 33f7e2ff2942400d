"""The calendar of pools, and who stands behind one of its cells.

Sums of a pool are the company's and count everybody; by name stand only those that the reader
knows, and the others are one remainder.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from kundenstamm.guard.models import User
from kundenstamm.kit.months import Month
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.pursuits.hands import Hands, year_before
from kundenstamm.pursuits.models import Pursuit, PursuitNeed, State
from kundenstamm.pursuits.rules import RUNNING, coming, month_after, months_between
from kundenstamm.serving.models import Pool
from kundenstamm.serving.working import Worked, by_customer
from kundenstamm.worth.pursuit.load import Load, scaled

AT_MOST = 10
NIL = Decimal(0)


@dataclass(frozen=True)
class Cell:
    """A pool in a month; minutes."""

    pool: Pool
    month: date
    capacity: float
    base: float
    won: float
    planned: float
    needed: float
    free: float

    @property
    def full(self) -> float:
        """Needed ÷ capacity."""
        return self.needed / self.capacity

    @property
    def is_short(self) -> bool:
        """Short of a whole minute at least: less is a matter of decimals."""
        return self.free <= -0.5


@dataclass(frozen=True)
class Needing:
    """A pursuit in a cell: what it needs, by its chance where it is not won yet."""

    pursuit: Pursuit
    minutes: Decimal
    counted: Decimal


@dataclass(frozen=True)
class Behind:
    """Who stands behind a cell.

    Attributes
    ----------
    pursuits, won
        Those that the reader knows.
    other
        Minutes of running pursuits that the reader does not know, and ``other_won`` of won ones.
    then
        The month of the last year whose work stands for the base.
    worked
        Of that month.
    """

    cell: Cell
    pursuits: tuple[Needing, ...]
    won: tuple[Needing, ...]
    other: float
    other_won: float
    then: date
    worked: Worked


def expected_part() -> float | None:
    """How much of last year's work the present customers are expected to need in the next twelve
    months: what serving them is expected to cost ÷ what it did. None before a valuation tells."""
    run = latest_run()
    told = run.totals.get("serving") if run else None
    if not told or float(told["year"]) <= 0:
        return None
    return float(told["expected"]) / float(told["year"])


def as_expected(hands: Hands, part: float) -> Hands:
    """The base as the models expect it: by purchases of today's customers, without newcomers."""
    return replace(hands, loads=scaled(hands.loads, part))


def calendar(hands: Hands, today: date, months: int) -> list[list[Cell]]:
    """A row for each month from the coming one on, with a cell for each pool."""
    first = coming(today)
    return [
        [cell_of(load, row, first, at) for load, row in zip(hands.loads, hands.rows, strict=True)]
        for at in range(months)
    ]


def cell_of(load: Load, pool: Pool, first: date, at: int) -> Cell:
    """The month so many after the first of a pool's load."""
    return Cell(
        pool, month_after(first, at), load.capacity[at], load.base[at], load.won[at],
        load.planned[at], load.needed[at], load.free[at],
    )  # fmt: skip


def behind(actor: User, hands: Hands, pool: Pool, month: date, today: date) -> Behind | None:
    """None where the calendar has no such cell."""
    first, load = coming(today), hands.load(pool.pk)
    at = months_between(first, month)
    if load is None or not 0 <= at < len(load.capacity):
        return None
    cell, then = cell_of(load, pool, first, at), year_before(month, first)
    running, won = _needing(actor, pool, month, then, first)
    return Behind(
        cell, running, won, _rest(cell.planned, running), _rest(cell.won, won), then,
        by_customer(actor, pool, Month(then), AT_MOST),
    )  # fmt: skip


def _needing(
    actor: User, pool: Pool, month: date, then: date, first: date
) -> tuple[tuple[Needing, ...], tuple[Needing, ...]]:
    """Running ones that have begun by a month, and won ones that the base does not hold yet."""
    known = PursuitNeed.objects.visible_to(actor).filter(
        pool=pool, pursuit__state__in=(*RUNNING, State.WON)
    )
    rows = list(known.select_related("pursuit__customer", "pursuit__owner"))
    begun = [each for each in rows if max(each.pursuit.first_month, first) <= month]
    running = [each for each in begun if each.pursuit.state != State.WON]
    won = [
        each
        for each in rows
        if each.pursuit.state == State.WON and then < each.pursuit.first_month <= month
    ]
    return _most_first(running), _most_first(won)


def _most_first(rows: Iterable[PursuitNeed]) -> tuple[Needing, ...]:
    found = [Needing(each.pursuit, each.minutes, each.minutes * _weight(each)) for each in rows]
    return tuple(sorted(found, key=lambda each: (-each.counted, each.pursuit.pk)))


def _weight(need: PursuitNeed) -> Decimal:
    return Decimal(1) if need.pursuit.state == State.WON else need.pursuit.chance


def _rest(whole: float, known: Iterable[Needing]) -> float:
    rest = whole - float(sum((each.counted for each in known), NIL))
    return rest if rest > 0.05 else 0.0
