"""Rules without parameters that every model has to beat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.models.base import Counts, FitError, FitReport, Floats, History
from kundenstamm.worth.models.parametric import FOREVER, observed

if TYPE_CHECKING:
    import polars as pl

# A rate observed over next to no time is no rate; more occasions than this are never foretold.
MOST = 1e9


class Rule:
    """What naive rules share: everybody stays, and occasions come as a Poisson's."""

    name: ClassVar[str]
    fit_report_: FitReport
    standard_errors_: dict[str, float]

    def fit(self, summary: pl.DataFrame, weights: npt.ArrayLike | None = None) -> Self:
        """There is nothing to learn; the summary is checked."""
        history, _weights = observed(summary, weights)
        self.standard_errors_ = {}
        self.fit_report_ = FitReport(int(history.x.size), 0.0, 0, True)
        return self

    def probability_active(self, summary: pl.DataFrame) -> Floats:
        """1: the rule knows of no dropout; shape ``(customers,)``."""
        return np.ones(History.of(summary).x.size)

    def probability_buying(self, summary: pl.DataFrame, days: float) -> Floats:
        """Of a Poisson's at least one; shape ``(customers,)``."""
        return np.asarray(-np.expm1(-self.expected_occasions(summary, days)))

    def expected_occasions(self, summary: pl.DataFrame, days: float) -> Floats:
        """Mean number of occasions in the next ``days``; shape ``(customers,)``."""
        raise NotImplementedError

    def silence_until(self, summary: pl.DataFrame, probability: float) -> Floats:  # noqa: ARG002
        """Nobody ever leaves: 100 years."""
        return np.full(History.of(summary).x.size, FOREVER)

    def sample(
        self, summary: pl.DataFrame, days: float, size: int, rng: np.random.Generator
    ) -> Counts:
        """Draws of the number of occasions in the next ``days``; shape ``(customers, size)``."""
        mean = self.expected_occasions(summary, days)[:, None]
        drawn = rng.poisson(np.minimum(mean, MOST), (mean.shape[0], size))
        return np.asarray(drawn, dtype=np.int64)

    def as_data(self) -> dict[str, Any]:
        """``{"model": name, "parameters": {}}``."""
        return {"model": self.name, "parameters": {}}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:  # noqa: ARG003
        """A rule has nothing to remember."""
        return cls()


class OwnRate(Rule):
    """As often per day as since the first purchase: ``x / T``; 0 on the first day."""

    name = "own_rate"

    def expected_occasions(self, summary: pl.DataFrame, days: float) -> Floats:
        """``x / T · days``; shape ``(customers,)``."""
        history = History.of(summary)
        there = np.where(history.age > 0, history.age, np.inf)
        with np.errstate(over="ignore"):
            return np.asarray(np.minimum(history.x * (days / there), MOST))


class LastWindow(Rule):
    """As often as in the last window of the same length.

    The summary must have that window: the column ``occasions_last_D`` for D days, as
    ``summary(..., windows=(D,))`` gives it.
    """

    name = "last_window"

    def expected_occasions(self, summary: pl.DataFrame, days: float) -> Floats:
        """Occasions of the last ``days``; shape ``(customers,)``.

        Raises
        ------
        FitError
            The summary does not have that window.
        """
        column = f"occasions_last_{days:g}"
        if column not in summary.columns:
            raise FitError(f"The summary has no column {column!r}; summarise with that window.")
        return np.asarray(summary[column].cast(float).to_numpy(), dtype=np.float64)
