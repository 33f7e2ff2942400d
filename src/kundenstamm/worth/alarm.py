"""Customers whose serving costs more than it brings, or is on its way there.

Two alarms look at twelve months: contribution II or III below zero. The third looks at the last
four complete quarters. Four numbers move by chance, so it wants an order that is seldom drawn, and
a change that matters; see ``docs/algorithms/base.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING

from kundenstamm.worth.sentences import gettext_noop

if TYPE_CHECKING:
    import polars as pl

QUARTERS = 4
# Of the six pairs of quarters so many have to point the same way: 4 of 24 orders do by chance.
PAIRS_AT_LEAST = 5
# What is left after serving must have shrunk by this share of the first half's contribution I.
NOTABLE = 0.1

SERVING = gettext_noop("Serving cost {taken} in twelve months, contribution I brought {brought}.")
BELOW_COST = gettext_noop(
    "Contribution I of twelve months is {brought}, before serving costs anything."
)
WINNING = gettext_noop(
    "Winning and keeping cost {taken} in twelve months, contribution II brought {brought}."
)
TREND = gettext_noop(
    "In the last four quarters serving rose from {care_before} to {care_now} a half-year, while "
    "contribution I fell from {brought_before} to {brought_now}."
)


class Alarm(StrEnum):
    """The most serious one that a customer gives; empty for none."""

    NONE = ""
    CONTRIBUTION_2 = "contribution_2"
    CONTRIBUTION_3 = "contribution_3"
    TREND = "trend"


def cost_columns() -> list[str]:
    """Cost to serve of the quarters, oldest first, signed as it acts on profit."""
    return [f"cost_{n}" for n in range(1, QUARTERS + 1)]


def brought_columns() -> list[str]:
    """Contribution I of the quarters, oldest first."""
    return [f"brought_{n}" for n in range(1, QUARTERS + 1)]


def alarms(customers: pl.DataFrame) -> pl.DataFrame:
    """``customer_id``, ``alarm`` and ``alarm_reason`` (template and values; null for none).

    Parameters
    ----------
    customers
        ``customer_id``, ``year_contribution_1``, ``_2``, ``_3``, ``year_cost_to_serve``,
        ``year_winning``, and the columns of the quarters. Costs are negative.
    """
    import polars as pl

    loss_2, loss_3 = pl.col("year_contribution_2") < 0, pl.col("year_contribution_3") < 0
    named = (
        pl.when(loss_2)
        .then(pl.lit(Alarm.CONTRIBUTION_2.value))
        .when(loss_3)
        .then(pl.lit(Alarm.CONTRIBUTION_3.value))
        .when(_is_turning())
        .then(pl.lit(Alarm.TREND.value))
        .otherwise(pl.lit(Alarm.NONE.value))
    )
    return customers.with_columns(alarm=named).select(
        "customer_id", "alarm", alarm_reason=_reason()
    )


def _is_turning() -> pl.Expr:
    """Cost to serve rises, contribution I falls, and what is left has shrunk notably."""
    import polars as pl

    before, now = _halves(brought_columns())
    care_before, care_now = _halves(cost_columns())
    shrunk = (before + care_before) - (now + care_now)
    falls = _falls(cost_columns()) & _falls(brought_columns())
    return falls & (before > 0) & (shrunk.cast(pl.Float64) >= NOTABLE * before.cast(pl.Float64))


def _falls(columns: Sequence[str]) -> pl.Expr:
    """Whether a later one is below an earlier one in enough pairs; equal ones do not count."""
    import polars as pl

    pairs = [pl.col(later) < pl.col(earlier) for earlier, later in combinations(columns, 2)]
    return pl.sum_horizontal(pairs) >= PAIRS_AT_LEAST


def _halves(columns: Sequence[str]) -> tuple[pl.Expr, pl.Expr]:
    import polars as pl

    first, second, third, fourth = (pl.col(name) for name in columns)
    return first + second, third + fourth


def _reason() -> pl.Expr:
    import polars as pl

    one = pl.col("year_contribution_1")
    at_a_loss = pl.col("alarm") == Alarm.CONTRIBUTION_2.value
    care_before, care_now = _halves(cost_columns())
    before, now = _halves(brought_columns())
    trend = {"care_before": -care_before, "care_now": -care_now}
    trend |= {"brought_before": before, "brought_now": now}
    return (
        pl.when(at_a_loss & (one <= 0))
        .then(_said(BELOW_COST, brought=one))
        .when(at_a_loss)
        .then(_said(SERVING, taken=-pl.col("year_cost_to_serve"), brought=one))
        .when(pl.col("alarm") == Alarm.CONTRIBUTION_3.value)
        .then(_said(WINNING, taken=-pl.col("year_winning"), brought=pl.col("year_contribution_2")))
        .when(pl.col("alarm") == Alarm.TREND.value)
        .then(_said(TREND, **trend))
    )


def _said(template: str, **values: pl.Expr) -> pl.Expr:
    """A reason as text: the template and what stands in it."""
    import polars as pl

    shown = [value.cast(pl.Float64).round(2).alias(name) for name, value in values.items()]
    return pl.struct(msgid=pl.lit(template), params=pl.struct(shown)).struct.json_encode()
