"""The purchase summary: one row per customer, everything the models need to know of the past.

Definitions stand in ``docs/algorithms/summary.md``. The expression uses portable operations only,
so that it runs unchanged on DuckDB, PostgreSQL and Spark.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kundenstamm.worth.levels import Level
from kundenstamm.worth.tables import LINES, check

if TYPE_CHECKING:
    import ibis.expr.types as ir

COLUMNS = (
    "customer_id",
    "first_day",
    "last_day",
    "previous_day",
    "repeat_day",
    "regular_day",
    "occasions",
    "x",
    "t_x",
    "age",
    "gap_mean",
    "gap_sd",
    "gap_log_mean",
    "net_sales",
    "contribution",
    "contribution_mean",
    "contribution_sd",
    "cost_to_serve",
)


def summary(
    lines: ir.Table, as_of: date, *, regular_occasions: int = 3, windows: Sequence[int] = ()
) -> ir.Table:
    """Summarise purchases up to ``as_of``.

    Parameters
    ----------
    lines
        The transactions table (`kundenstamm.worth.tables.LINES`), as an Ibis table.
    as_of
        The observation's end. Always explicit: taking the newest row instead would make every
        silent customer base look younger than it is.
    regular_occasions
        Which occasion's day is given as ``regular_day``.
    windows
        Lengths in days: for each a column ``occasions_last_D`` counts the occasions of the last
        D days, the one of ``as_of`` included.

    Returns
    -------
    ibis.Table
        One row per customer with any line up to ``as_of``; columns `COLUMNS` and the windows.
        Days and money are those of the lines; ``t_x``, ``age`` and gaps are in days,
        ``gap_log_mean`` is the mean of the gaps' natural logarithms. A customer without a
        purchase occasion (only returns, say) has ``occasions`` 0 and no days.

    Notes
    -----
    An occasion is a day with positive net sales (levels 1 to 3). Contribution is contribution II
    (levels 1 to 5), what is left after goods and serving; it counts on all days, also on those
    that only brought returns or visits: ``contribution_mean`` is the sum up to ``as_of`` divided
    by the occasions, so a return or a visit weighs on the customer that caused it, whenever it
    came. What winning and keeping took (level 6) is spent and left out of what is to come.
    ``contribution_sd`` is the spread of the contribution of occasion days. ``cost_to_serve`` is
    the sum of level 5, signed as it acts on profit: contribution less it is contribution I.
    """
    days = by_day(check(lines, LINES).filter(lines.date <= as_of))
    bought = _numbered(_occasions(days))
    behaviour = bought.group_by("customer_id").agg(
        first_day=bought.date.min(),
        last_day=bought.date.max(),
        previous_day=bought.previous.max(),
        repeat_day=bought.date.min(where=bought.number == 2),
        regular_day=bought.date.min(where=bought.number == regular_occasions),
        occasions=bought.count(),
        gap_mean=bought.gap.mean(),
        gap_sd=bought.gap.std(how="sample"),
        gap_log_mean=bought.gap.ln().mean(),
        contribution_sd=bought.contribution.cast("float64").std(how="sample"),
        **window_counts(bought, as_of, windows),
    )
    money = days.group_by("customer_id").agg(
        net_sales=days.net.sum(),
        contribution=days.contribution.sum(),
        cost_to_serve=days.cost_to_serve.sum(),
    )
    return _joined(money, behaviour, as_of, windows)


def bought_days(lines: ir.Table, as_of: date) -> ir.Table:
    """The occasions up to ``as_of``: one row per customer and day with positive net sales."""
    return _occasions(by_day(lines.filter(lines.date <= as_of)))


def _occasions(days: ir.Table) -> ir.Table:
    return days.filter(days.net > 0)


def by_day(known: ir.Table) -> ir.Table:
    """Net sales (``net``), contribution II and cost to serve per customer and day."""
    serving, served = 10 * Level.COST_TO_SERVE, 10 * (Level.COST_TO_SERVE + 1)
    reductions = 10 * (Level.REDUCTIONS + 1)
    return known.group_by("customer_id", "date").agg(
        net=known.amount.sum(where=known.kind < reductions).fill_null(0),
        contribution=known.amount.sum(where=known.kind < served).fill_null(0),
        cost_to_serve=known.amount.sum(
            where=(known.kind >= serving) & (known.kind < served)
        ).fill_null(0),
    )


def _numbered(occasions: ir.Table) -> ir.Table:
    import ibis

    in_order = ibis.window(group_by="customer_id", order_by="date")
    placed = occasions.mutate(
        number=ibis.row_number().over(in_order) + 1, previous=occasions.date.lag().over(in_order)
    )
    return placed.mutate(gap=placed.date.delta(placed.previous, unit="day").cast("float64"))


def window_counts(bought: ir.Table, as_of: date, windows: Sequence[int]) -> dict[str, ir.Value]:
    """How many of these occasions lie in the last days, by column."""
    names = window_names(windows)
    return {
        name: bought.count(where=bought.date > as_of - timedelta(days))
        for name, days in zip(names, windows, strict=True)
    }


def window_names(windows: Sequence[int]) -> list[str]:
    return [f"occasions_last_{days}" for days in windows]


def _joined(money: ir.Table, behaviour: ir.Table, as_of: date, windows: Sequence[int]) -> ir.Table:
    import ibis

    joined = money.left_join(behaviour, "customer_id").drop("customer_id_right")
    occasions = joined.occasions.fill_null(0)
    wide = joined.mutate(
        occasions=occasions,
        x=(occasions > 0).ifelse(occasions - 1, 0),
        t_x=joined.last_day.delta(joined.first_day, unit="day"),
        age=ibis.literal(as_of).delta(joined.first_day, unit="day"),
        contribution_mean=joined.contribution.cast("float64") / occasions.cast("float64").nullif(0),
    )
    recent = {name: wide[name].fill_null(0) for name in window_names(windows)}
    return wide.select(*COLUMNS, **recent)
