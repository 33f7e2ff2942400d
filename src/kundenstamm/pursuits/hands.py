"""Minutes of each pool in the coming months: what it can work, what who is served already needs,
and what other pursuits would need times their chances. A sheet, the calendar and every scenario
count by these.

How full a pool is, is the company's and no customer's figure; so pursuits that the reader may not
know of count, too, as one sum a pool and month, by a function of the database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db import connection

from kundenstamm.pursuits.rules import MONTHS, coming, month_after
from kundenstamm.serving.models import Pool as PoolRow
from kundenstamm.serving.models import PoolMonth
from kundenstamm.serving.queries import history
from kundenstamm.worth.pursuit.load import Load, Minutes
from kundenstamm.worth.pursuit.plan import Pool

# The plan's three years, and a year by which it may begin later.
AHEAD = 48

CREATE = """
CREATE FUNCTION pursuits_reserved(but bigint)
RETURNS TABLE (pool bigint, begins date, won boolean, minutes numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT need.pool_id, held.first_month, held.state = 'won',
           sum(need.minutes * CASE held.state WHEN 'won' THEN 1 ELSE held.chance END)
    FROM pursuits_pursuitneed AS need JOIN pursuits_pursuit AS held ON held.id = need.pursuit_id
    WHERE held.state IN ('go', 'negotiating', 'won') AND held.id <> but
    GROUP BY need.pool_id, held.first_month, held.state = 'won'
$$;
"""
DROP = "DROP FUNCTION pursuits_reserved(bigint);"


@dataclass(frozen=True)
class Hands:
    """Pools as the analytic core wants them.

    Attributes
    ----------
    loads
        By month from the coming one on.
    rows
        The same pools, in the same order.
    months
        Of how many of the last twelve it is known what was worked; nil: all of them is free.
    """

    loads: tuple[Load, ...]
    rows: tuple[PoolRow, ...]
    months: int

    @cached_property
    def pools(self) -> tuple[Pool, ...]:
        return tuple(load.pool() for load in self.loads)

    def named(self, pk: int) -> Pool | None:
        return next(
            (of for of, row in zip(self.pools, self.rows, strict=True) if row.pk == pk), None
        )

    def load(self, pk: int) -> Load | None:
        found = zip(self.loads, self.rows, strict=True)
        return next((of for of, row in found if row.pk == pk), None)

    def rate(self, pool: PoolRow | None) -> Decimal:
        """What a minute costs; nil without a pool."""
        found = self.named(pool.pk) if pool else None
        return Decimal(str(found.rate)) if found else Decimal(0)


def hands(today: date, *, but: int = 0) -> Hands:
    """All pools that have figures by today; ``but``: the pursuit whose need is not counted."""
    figures: dict[int, list[PoolMonth]] = defaultdict(list)
    for each in PoolMonth.objects.order_by("month"):
        figures[each.pool_id].append(each)
    rows = [row for row in PoolRow.objects.order_by("name") if row.pk in figures]
    worked, months = _worked(today), [month_after(coming(today), at) for at in range(AHEAD)]
    planned, won = _reserved(but)
    loads = tuple(
        _load(row, figures[row.pk], worked.get(row.pk, {}), planned[row.pk], won[row.pk], months)
        for row in rows
    )
    known = {month for found in worked.values() for month in found}
    return Hands(loads, tuple(rows), len(known))


Needs = list[tuple[date, float]]


def _load(
    row: PoolRow, figures: Sequence[PoolMonth], worked: dict[date, float], planned: Needs,
    won: Needs, months: Sequence[date],
) -> Load:  # fmt: skip
    usual = sum(worked.values()) / len(worked) if worked else 0.0
    before = [year_before(month, months[0]) for month in months]
    return Load(
        row.name,
        float(_at(figures, months[0]).rate),
        capacity=tuple(float(_at(figures, month).capacity) for month in months),
        base=tuple(worked.get(then, usual) for then in before),
        # Whoever was won since then is not among those who were served by then.
        won=tuple(
            sum((minutes for begins, minutes in won if then < begins <= month), 0.0)
            for month, then in zip(months, before, strict=True)
        ),
        planned=_begun(planned, months),
    )


def _begun(needs: Needs, months: Sequence[date]) -> Minutes:
    """Whatever should have begun already begins with the coming month."""
    return tuple(
        sum((minutes for begins, minutes in needs if max(begins, months[0]) <= month), 0.0)
        for month in months
    )


def _at(figures: Sequence[PoolMonth], month: date) -> PoolMonth:
    """The newest figures up to a month, or the first there are."""
    begun = [each for each in figures if each.month <= month]
    return begun[-1] if begun else figures[0]


def year_before(month: date, first: date) -> date:
    """The same month of the last twelve before the coming one, ``first``."""
    return month_after(first, (month.month - first.month) % MONTHS - MONTHS)


def _worked(today: date) -> dict[int, dict[date, float]]:
    """Pool → month → minutes used, of the last twelve months that were allocated."""
    first, last = month_after(coming(today), -MONTHS), coming(today)
    newest = {run.month: run for run in history().filter(month__gte=first, month__lt=last)[::-1]}
    found: dict[int, dict[date, float]] = defaultdict(dict)
    for month, run in newest.items():
        for told in run.result.get("pools", []):
            found[told["pool_id"]][month] = float(told["used"])
    return found


def _reserved(but: int) -> tuple[dict[int, Needs], dict[int, Needs]]:
    planned: dict[int, Needs] = defaultdict(list)
    served: dict[int, Needs] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pool, begins, won, minutes FROM pursuits_reserved(%s)", [but])
        for pool, begins, is_won, minutes in cursor.fetchall():
            (served if is_won else planned)[pool].append((begins, float(minutes)))
    return planned, served
