"""Every customer appraised: stage, expectation, profit of the year, place in the ranking."""

from __future__ import annotations

import json
import string
from datetime import date
from typing import TYPE_CHECKING

from kundenstamm.company.models import CompanyProfile
from kundenstamm.lifecycle.frames.base import Base
from kundenstamm.lifecycle.rules import REFUSED, VALUE
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
    "expected_contribution",
    "expected_low",
    "expected_high",
    "value_at_risk",
    "why",
    "stage",
    "stage_since",
    "stage_reason",
    "rank",
)


def limits(profile: CompanyProfile) -> StageLimits:
    return StageLimits(
        regular_occasions=profile.regular_occasions,
        active=float(profile.active_limit),
        lost=float(profile.lost_limit),
        onboarding_days=profile.onboarding_days,
    )


def appraised(
    base: Base, as_of: date, fitted: Fitted, stage_limits: StageLimits, horizon: Horizon
) -> pl.DataFrame:
    """One row per customer with the `COLUMNS` but ``run_id``, best contribution III first."""
    import polars as pl

    answers = appraise(base.summary, as_of, fitted=fitted, limits=stage_limits, horizon=horizon)
    table = base.customers.join(
        answers.drop("net_sales", "contribution"), on="customer_id", how="left"
    )
    table = _with_money(_staged(table, as_of), base)
    table = _with_expectation(table, horizon, refused=fitted.occasions is None)
    return table.sort("year_contribution_3", "customer_id", descending=True).with_columns(
        rank=pl.int_range(1, pl.len() + 1)
    )


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
        stage_reason=reason.otherwise(_as_json(table).fill_null(_plain(PROSPECT))),
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


def _with_expectation(table: pl.DataFrame, horizon: Horizon, *, refused: bool) -> pl.DataFrame:
    import polars as pl

    known = pl.col("expected_contribution").is_not_null()
    values = pl.struct(
        p_active=pl.col("p_active").round(4),
        purchases=pl.col("expected_occasions").round(4),
        per_purchase=pl.col("contribution_per_occasion").round(4),
        days=pl.lit(horizon.days),
    )
    sentence = pl.struct(msgid=pl.lit(VALUE), params=values).struct.json_encode()
    otherwise = _plain(REFUSED if refused else PROSPECT)
    return table.with_columns(
        pl.col("expected_contribution", "value_at_risk").cast(pl.Decimal(18, 4)),
        expected_low=pl.col("low").cast(pl.Decimal(18, 4)),
        expected_high=pl.col("high").cast(pl.Decimal(18, 4)),
        why=pl.when(known).then(sentence).otherwise(pl.lit(otherwise)),
    )


def _as_json(table: pl.DataFrame) -> pl.Expr:
    """The column ``reason`` as text, each with the values that its own template names."""
    import polars as pl

    reason = pl.col("reason").struct
    text = pl.lit(None, dtype=pl.String)
    for template in table["reason"].struct.field("msgid").drop_nulls().unique().sort():
        values = [reason.field("params").struct.field(name) for name in _names(template)]
        params = pl.struct(values) if values else pl.lit({})
        filled = pl.struct(msgid=pl.lit(template), params=params).struct.json_encode()
        text = pl.when(reason.field("msgid") == template).then(filled).otherwise(text)
    return text


def _names(template: str) -> list[str]:
    return sorted({name for _, name, _, _ in string.Formatter().parse(template) if name})


def _plain(template: str) -> str:
    return json.dumps({"msgid": template, "params": {}})
