"""The three steps in one place: summarise, fit, appraise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from kundenstamm.worth.models import ContributionPerOccasion, FitError, ModifiedBetaGeoNBD
from kundenstamm.worth.stages import StageLimits, stages
from kundenstamm.worth.summary import summary
from kundenstamm.worth.value import Horizon, value

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import polars as pl


@dataclass(frozen=True)
class Fitted:
    """The models of one base; ``occasions`` is None where the data carry none, see ``refusal``."""

    occasions: ModifiedBetaGeoNBD | None
    contribution: ContributionPerOccasion | None
    refusal: str = ""


def summarise(lines: ir.Table, as_of: date, *, regular_occasions: int = 3) -> pl.DataFrame:
    """`kundenstamm.worth.summary.summary`, computed."""
    computed: pl.DataFrame = summary(lines, as_of, regular_occasions=regular_occasions).to_polars()
    return computed


def fit(summarised: pl.DataFrame) -> Fitted:
    """Fit the models; a base that cannot be fitted is told apart, not guessed about."""
    import polars as pl

    bought = summarised.filter(pl.col("occasions") > 0)
    try:
        return Fitted(ModifiedBetaGeoNBD().fit(bought), ContributionPerOccasion().fit(bought))
    except FitError as refusal:
        return Fitted(None, None, str(refusal))


def appraise(
    summarised: pl.DataFrame,
    as_of: date,
    *,
    fitted: Fitted | None = None,
    limits: StageLimits | None = None,
    horizon: Horizon | None = None,
) -> pl.DataFrame:
    """Stage and expected contribution of every customer.

    Returns
    -------
    polars.DataFrame
        The summary's columns, those of `kundenstamm.worth.stages.stages` and of
        `kundenstamm.worth.value.value`; the latter null where nothing can be expected.
    """
    fitted = fitted or fit(summarised)
    staged = summarised.join(
        stages(summarised, as_of, fitted.occasions, limits), on="customer_id", how="left"
    )
    if fitted.occasions is None or fitted.contribution is None:
        return staged.with_columns(**_nothing_expected())
    expected = value(summarised, as_of, fitted.occasions, fitted.contribution, horizon)
    return staged.join(expected, on="customer_id", how="left")


def _nothing_expected() -> dict[str, pl.Expr]:
    import polars as pl

    numbers = (
        "p_active",
        "expected_occasions",
        "contribution_per_occasion",
        "expected_contribution",
        "low",
        "high",
        "if_active",
        "value_at_risk",
    )
    missing = {name: pl.lit(None, dtype=pl.Float64) for name in numbers}
    return missing | {"next_expected_day": pl.lit(None, dtype=pl.Date)}
