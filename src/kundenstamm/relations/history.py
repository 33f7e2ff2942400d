"""The firm's and each colleague's dependency, day by day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import connection

from kundenstamm.kit.quarters import Quarter
from kundenstamm.lifecycle.models import ValuationRun
from kundenstamm.relations import frames
from kundenstamm.relations.colleagues import Staff
from kundenstamm.relations.models import FirmDay, PersonDay
from kundenstamm.worth.relations.bonds import bonds
from kundenstamm.worth.relations.dependency import dependencies, firm, valued
from kundenstamm.worth.relations.strength import strengths

if TYPE_CHECKING:
    import polars as pl

# Against when a trend is told, and how many quarters are worked out for the first picture.
TREND = timedelta(days=90)
QUARTERS = 8
A_DAY = timedelta(days=1)


def sum_up(run: ValuationRun, day: date) -> None:
    """The sums of what stands in the bonds, as those of a day; earlier ones stay as they were."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRM, {"run": run.pk, "day": day})
        cursor.execute("DELETE FROM relations_personday WHERE day = %s", [day])
        cursor.execute(_PEOPLE, {"day": day})


def look_back(run: ValuationRun, day: date, people: Staff) -> None:
    """Once: how it was at the ends of the last quarters and ninety days ago, with today's values.

    Nothing before the first conversation on record.
    """
    if FirmDay.objects.exclude(day=day).exists():
        return
    spoken, said, values = frames.conversations(), frames.corrections(), frames.values(run.pk)
    if spoken.is_empty():
        return
    # Not empty, so there is a first one; polars types the least of any column as anything.
    first: date = spoken["day"].min()  # type: ignore[assignment]
    for then in {*_ends(day), day - TREND}:
        if then >= first:
            held = bonds(strengths(spoken, then, said), people.on(then))
            _keep(then, valued(held, values), values)


def _ends(day: date) -> list[date]:
    """Last days of the quarters before."""
    ends, quarter = [], Quarter.of(day)
    for _ in range(QUARTERS):
        ends.append(quarter.first - A_DAY)
        quarter = Quarter.of(ends[-1])
    return ends


def _keep(day: date, held: pl.DataFrame, values: pl.DataFrame) -> None:
    whole = firm(held, values)
    FirmDay.objects.create(
        day=day, value=_money(whole.value), known=_money(whole.known), bound=_money(whole.bound),
        hanging=_money(whole.hanging), customers=whole.customers, alone=whole.alone,
        looked_back=True,
    )  # fmt: skip
    PersonDay.objects.bulk_create(
        PersonDay(
            day=day, colleague_id=row["colleague_id"], customers=row["customers"],
            value=_money(row["value"]), bound=_money(row["bound"]), hanging=_money(row["hanging"]),
        )
        for row in dependencies(held).to_dicts()
    )  # fmt: skip


def _money(amount: float) -> Decimal:
    return Decimal(str(round(amount, 4)))


_FIRM = """
INSERT INTO relations_firmday
    (day, value, known, bound, hanging, customers, alone, looked_back)
SELECT %(day)s, coalesce(whole.value, 0), coalesce(sum(bond.value) FILTER (WHERE holds), 0),
       coalesce(sum(bond.value * bond.bound::numeric), 0), coalesce(sum(hanging), 0),
       count(*) FILTER (WHERE holds), count(*) FILTER (WHERE holds AND cover = 0), false
FROM (
    SELECT sum(greatest(expected_contribution, 0)) AS value FROM lifecycle_estimate
    JOIN customers_customer AS c ON c.id = customer_id AND NOT c.withdrawn
    WHERE run_id = %(run)s
) AS whole
LEFT JOIN relations_bond AS bond ON true
GROUP BY whole.value
ON CONFLICT (day) DO UPDATE SET
    value = excluded.value, known = excluded.known, bound = excluded.bound,
    hanging = excluded.hanging, customers = excluded.customers, alone = excluded.alone,
    looked_back = false
"""
_PEOPLE = """
INSERT INTO relations_personday (day, colleague_id, customers, value, bound, hanging)
SELECT %(day)s, colleague_id, count(*) FILTER (WHERE holds),
       coalesce(sum(value) FILTER (WHERE holds), 0), sum(value * bound::numeric), sum(hanging)
FROM relations_bond JOIN relations_colleague AS colleague ON colleague.id = colleague_id
WHERE colleague.here GROUP BY colleague_id
"""
