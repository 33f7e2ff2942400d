"""The three steps in one place: summarise, fit, appraise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from kundenstamm.worth.fitted import Fitted, fit
from kundenstamm.worth.stages import StageLimits, stages
from kundenstamm.worth.summary import summary
from kundenstamm.worth.value import Horizon, value

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import polars as pl

__all__ = ["Fitted", "appraise", "fit", "summarise"]


def summarise(
    lines: ir.Table, as_of: date, *, regular_occasions: int = 3, windows: Sequence[int] = ()
) -> pl.DataFrame:
    """`kundenstamm.worth.summary.summary`, computed."""
    computed: pl.DataFrame = summary(
        lines, as_of, regular_occasions=regular_occasions, windows=windows
    ).to_polars()
    return computed


def appraise(
    summarised: pl.DataFrame,
    as_of: date,
    *,
    fitted: Fitted | None = None,
    limits: StageLimits | None = None,
    horizon: Horizon | None = None,
) -> pl.DataFrame:
    """Stage and expected contribution of every customer.

    With ``fitted`` each row is judged by itself, so a part of the base may be given; intervals
    alone are drawn for rows together, see `kundenstamm.worth.value.value`.

    Returns
    -------
    polars.DataFrame
        The summary's columns, those of `kundenstamm.worth.stages.stages` and of
        `kundenstamm.worth.value.value`; the latter null where nothing can be expected.
    """
    fitted = fitted or fit(summarised)
    staged = summarised.join(
        stages(summarised, as_of, fitted.occasions, limits, fitted.usual_gap),
        on="customer_id",
        how="left",
    )
    if fitted.occasions is None:
        return staged.with_columns(**_nothing_expected())
    return staged.join(value(summarised, as_of, fitted, horizon), on="customer_id", how="left")


def _nothing_expected() -> dict[str, pl.Expr]:
    import polars as pl

    numbers = (
        "p_active",
        "expected_occasions",
        "contribution_per_occasion",
        "expected_before_serving",
        "expected_cost_to_serve",
        "expected_contribution",
        "low",
        "high",
        "if_active",
        "value_at_risk",
        "lifetime_value",
    )
    missing = {name: pl.lit(None, dtype=pl.Float64) for name in numbers}
    return missing | {"next_expected_day": pl.lit(None, dtype=pl.Date)}
