"""What serving a customer is expected to cost, per purchase occasion.

Contribution per occasion (`kundenstamm.worth.models.contribution`) is what is left after serving.
This tells how much of what comes before is taken by it: the customer's own mean, drawn to the
base's with the weight that the own contribution has. One weight for both, so that what comes
before serving is their sum and no third opinion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kundenstamm.worth.models.base import Floats
from kundenstamm.worth.models.contribution import ContributionPerOccasion

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class CostToServe:
    """Expected cost to serve per occasion; costs are positive here.

    Attributes
    ----------
    mean
        Of the base, money.
    half
        Occasions at which the own mean weighs one half (Bühlmann's k).
    """

    mean: float
    half: float

    @classmethod
    def fitted(cls, summary: pl.DataFrame, contribution: ContributionPerOccasion) -> CostToServe:
        """From rows with at least one occasion and their sum ``cost_to_serve``."""
        half = (contribution.within_share_ / contribution.between_share_) ** 2
        count, own = _own(summary)
        return cls(float(np.average(own, weights=count / (1 + count))), float(half))

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> CostToServe:
        """The estimator that `as_data` wrote down."""
        return cls(**data)

    def as_data(self) -> dict[str, float]:
        return asdict(self)

    def expected(self, summary: pl.DataFrame) -> Floats:
        """Per occasion, money; shape ``(customers,)``."""
        count, own = _own(summary)
        trust = count / (count + self.half)
        return np.asarray(self.mean + trust * (own - self.mean))


def _own(summary: pl.DataFrame) -> tuple[Floats, Floats]:
    """Occasions, and what serving took for each; the summary's costs are negative."""
    count, cost = (
        np.asarray(summary[name].cast(float).to_numpy(), dtype=np.float64)
        for name in ("occasions", "cost_to_serve")
    )
    return count, np.asarray(-cost / count)
