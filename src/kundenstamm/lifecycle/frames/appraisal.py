"""Customers appraised: stage, expectation and its reason, profit of the year, places."""

from __future__ import annotations

import json
import string
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from kundenstamm.company.models import CompanyProfile
from kundenstamm.lifecycle.frames.base import Base
from kundenstamm.lifecycle.frames.quarters import last_four
from kundenstamm.lifecycle.rules import REFUSED
from kundenstamm.worth import history
from kundenstamm.worth.alarm import alarms, brought_columns, cost_columns
from kundenstamm.worth.appraisal import Fitted, appraise
from kundenstamm.worth.stages import PARTED, PROSPECT, Stage, StageLimits
from kundenstamm.worth.value import Horizon

if TYPE_CHECKING:
    import polars as pl

# Columns of ``Estimate`` and where they come from: the year's statement, or all time's.
OF_THE_YEAR = (
    "gross_sales",
    "returns",
    "reductions",
    "goods",
    "cost_to_serve",
    "winning",
    "net_revenue",
    "contribution_1",
    "contribution_2",
    "contribution_3",
)
EVER = ("gross_sales", "net_revenue", "contribution_1")
COLUMNS = (
    "run_id",
    "customer_id",
    "first_day",
    "last_day",
    "occasions",
    "gap_mean",
    "gap_sd",
    "next_expected_day",
    *EVER,
    *(f"year_{name}" for name in OF_THE_YEAR),
    "previous_contribution_3",
    "estimated_margin",
    "p_active",
    "expected_occasions",
    "expected_before_serving",
    "expected_cost_to_serve",
    "expected_contribution",
    "expected_low",
    "expected_high",
    "value_at_risk",
    "lifetime_value",
    "why",
    "stage",
    "stage_since",
    "stage_reason",
    "alarm",
    "alarm_reason",
    "rank",
    "lifetime_rank",
)


@dataclass(frozen=True)
class Yardstick:
    """What customers are appraised by: the models of the base and the company's own limits."""

    fitted: Fitted
    limits: StageLimits
    horizon: Horizon


def limits(profile: CompanyProfile) -> StageLimits:
    return StageLimits(
        regular_occasions=profile.regular_occasions,
        active=float(profile.active_limit),
        lost=float(profile.lost_limit),
        onboarding_days=profile.onboarding_days,
    )


def horizon(profile: CompanyProfile) -> Horizon:
    return Horizon(years=profile.value_years, rate=float(profile.discount_rate))


def appraised(
    base: Base, customers: pl.DataFrame, as_of: date, yardstick: Yardstick
) -> pl.DataFrame:
    """One row per customer, with the `COLUMNS` but the run and the places."""
    fitted, limits, ahead = yardstick.fitted, yardstick.limits, yardstick.horizon
    answers = appraise(base.summary, as_of, fitted=fitted, limits=limits, horizon=ahead)
    told = history.told(answers, as_of, days=ahead.days, usual_gap=fitted.usual_gap, limits=limits)
    answers = answers.join(told, on="customer_id", how="left")
    table = customers.join(
        answers.drop("net_sales", "contribution", "cost_to_serve"), on="customer_id", how="left"
    )
    table = _with_money(_staged(table, as_of), base)
    table = _alarmed(table, last_four(base.quarters, as_of))
    return _with_expectation(table, refused=fitted.occasions is None)


def _alarmed(table: pl.DataFrame, four: pl.DataFrame) -> pl.DataFrame:
    """Who costs more than they bring; whom we let go gives no alarm any more."""
    import polars as pl

    names = [*cost_columns(), *brought_columns()]
    beside = table.join(four, on="customer_id", how="left").with_columns(pl.col(names).fill_null(0))
    going = beside.filter(pl.col("stage") != Stage.PARTED.value)
    told = table.join(alarms(going), on="customer_id", how="left")
    return told.with_columns(
        pl.col("alarm").fill_null(""), pl.col("alarm_reason").fill_null(pl.lit("{}"))
    )


def placed(table: pl.DataFrame) -> pl.DataFrame:
    """All customers with their places, best contribution III of the year first.

    Of two equal ones the later customer stands before; nobody has a place by a lifetime value
    that is not known.
    """
    import polars as pl

    places = pl.int_range(1, pl.len() + 1)
    known = table.select("customer_id", "lifetime_value").drop_nulls()
    lasting = known.sort("lifetime_value", "customer_id", descending=True)
    lasting = lasting.select("customer_id", lifetime_rank=places)
    ranked = table.join(lasting, on="customer_id", how="left")
    ranked = ranked.sort("year_contribution_3", "customer_id", descending=True)
    return ranked.with_columns(rank=places)


def _staged(table: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Stages of all: of those who never bought too, and of those whom we let go."""
    import polars as pl

    parted = pl.col("parted_on") <= as_of
    reason = pl.when(parted).then(pl.lit(_plain(PARTED)))
    return table.with_columns(
        pl.col("occasions").fill_null(0),
        stage=pl.when(parted)
        .then(pl.lit(Stage.PARTED.value))
        .otherwise(pl.col("stage").fill_null(Stage.PROSPECT.value)),
        stage_since=pl.when(parted).then("parted_on").otherwise("since"),
        stage_reason=reason.otherwise(_as_json(table, "reason").fill_null(_plain(PROSPECT))),
    )


def _with_money(table: pl.DataFrame, base: Base) -> pl.DataFrame:
    """Statements beside each customer; whoever has no entry in a period made nothing there."""
    import polars as pl
    import polars.selectors as cs

    periods = [
        base.ever.select("customer_id", *EVER),
        base.year.select("customer_id", pl.col(OF_THE_YEAR).name.prefix("year_")),
        base.previous.select("customer_id", previous_contribution_3="contribution_3"),
    ]
    for period in periods:
        exact = period.with_columns(cs.decimal().cast(pl.Decimal(18, 4)))
        table = table.join(exact, on="customer_id", how="left").with_columns(
            pl.col(exact.columns[1:]).fill_null(0)
        )
    estimated = pl.col("customer_id").is_in(base.estimated["customer_id"].implode())
    return table.with_columns(estimated_margin=estimated)


def _with_expectation(table: pl.DataFrame, *, refused: bool) -> pl.DataFrame:
    import polars as pl

    money = pl.Decimal(18, 4)
    told = pl.format("[{}, {}]", _as_json(table, "past"), _as_json(table, "outlook"))
    otherwise = f"[{_plain(REFUSED if refused else PROSPECT)}]"
    exact = table.with_columns(
        pl.col(
            "expected_contribution", "expected_cost_to_serve", "value_at_risk", "lifetime_value"
        ).cast(money),
        expected_low=pl.col("low").cast(money),
        expected_high=pl.col("high").cast(money),
        why=told.fill_null(pl.lit(otherwise)),
    )
    before = pl.col("expected_contribution") + pl.col("expected_cost_to_serve")
    return exact.with_columns(expected_before_serving=before.cast(money))


def _as_json(table: pl.DataFrame, name: str) -> pl.Expr:
    """The reasons of a column as text, each with the values that its own template names."""
    import polars as pl

    reason = pl.col(name).struct
    text = pl.lit(None, dtype=pl.String)
    for template in table[name].struct.field("msgid").drop_nulls().unique().sort():
        values = [reason.field("params").struct.field(name) for name in _names(template)]
        params = pl.struct(values) if values else pl.lit({})
        filled = pl.struct(msgid=pl.lit(template), params=params).struct.json_encode()
        text = pl.when(reason.field("msgid") == template).then(filled).otherwise(text)
    return text


def _names(template: str) -> list[str]:
    return sorted({name for _, name, _, _ in string.Formatter().parse(template) if name})


def _plain(template: str) -> str:
    return json.dumps({"msgid": template, "params": {}})
