"""The models of one base, learned together, stored together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import inf, isfinite
from typing import TYPE_CHECKING, Any

from kundenstamm.worth.auto import AutoEstimator
from kundenstamm.worth.models.base import FitError
from kundenstamm.worth.models.contribution import ContributionPerOccasion
from kundenstamm.worth.serving import CostToServe
from kundenstamm.worth.stages import median_gap

if TYPE_CHECKING:
    import polars as pl

    from kundenstamm.worth.purchases import Purchases

YEAR = 365


@dataclass(frozen=True)
class Fitted:
    """Everything that scoring one customer takes from the whole base.

    Attributes
    ----------
    occasions, contribution, serving
        None where the data carry none; ``refusal`` says why.
    usual_gap
        Days between purchases, for customers without a rhythm of their own; infinite where nobody
        has bought twice.
    """

    occasions: AutoEstimator | None
    contribution: ContributionPerOccasion | None
    serving: CostToServe | None = None
    usual_gap: float = inf
    refusal: str = ""

    def known(self) -> tuple[AutoEstimator, ContributionPerOccasion, CostToServe]:
        """The models.

        Raises
        ------
        FitError
            There are none.
        """
        if self.occasions is None or self.contribution is None or self.serving is None:
            raise FitError(self.refusal)
        return self.occasions, self.contribution, self.serving

    def as_data(self) -> dict[str, Any]:
        """Plain values that a JSON column holds."""
        models = {"occasions": self.occasions, "contribution": self.contribution,
                  "serving": self.serving}  # fmt: skip
        return {name: model and model.as_data() for name, model in models.items()} | {
            "usual_gap": self.usual_gap if isfinite(self.usual_gap) else None,
            "refusal": self.refusal,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Fitted:
        """The models that `as_data` wrote down."""
        gap = inf if data["usual_gap"] is None else float(data["usual_gap"])
        if data["refusal"]:
            return cls(None, None, usual_gap=gap, refusal=data["refusal"])
        return cls(
            AutoEstimator.from_data(data["occasions"]),
            ContributionPerOccasion.from_data(data["contribution"]),
            CostToServe.from_data(data["serving"]),
            gap,
        )


def fit(
    summarised: pl.DataFrame,
    purchases: Purchases | None = None,
    as_of: date | None = None,
    *,
    days: int = YEAR,
) -> Fitted:
    """Fit the models; a base that cannot be fitted is told apart, not guessed about.

    Parameters
    ----------
    summarised
        As `kundenstamm.worth.summary.summary` gives it.
    purchases, as_of
        With both, earlier windows decide which models count and how much (`AutoEstimator`);
        without, the plain mean of the candidates stands.
    days
        Length of those windows: that of the coming days which matter.
    """
    import polars as pl

    bought = summarised.filter(pl.col("occasions") > 0)
    usual = median_gap(summarised)
    if purchases is None or as_of is None:
        occasions = AutoEstimator()
    else:
        occasions = AutoEstimator.looking_back(purchases, as_of, days)
    try:
        contribution = ContributionPerOccasion().fit(bought)
        serving = CostToServe.fitted(bought, contribution)
        return Fitted(occasions.fit(bought), contribution, serving, usual)
    except FitError as refusal:
        return Fitted(None, None, usual_gap=usual, refusal=str(refusal))
