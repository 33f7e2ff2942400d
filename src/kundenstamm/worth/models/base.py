"""What every estimator has in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import polars as pl

Floats = npt.NDArray[np.float64]


class FitError(ValueError):
    """The data cannot carry this model; the message says why."""


@dataclass(frozen=True)
class FitReport:
    """How a fit went. Log-likelihoods are sums over customers, time in days."""

    customers: int
    log_likelihood: float
    iterations: int
    converged: bool
    warnings: tuple[str, ...] = field(default=())


class OccasionsModel(Protocol):
    """Predicts purchase occasions from the summary's columns ``x``, ``t_x`` and ``age`` (days)."""

    fit_report_: FitReport

    def fit(self, summary: pl.DataFrame) -> Self: ...

    def probability_active(self, summary: pl.DataFrame) -> Floats: ...

    def expected_occasions(self, summary: pl.DataFrame, days: float) -> Floats: ...

    def sample(
        self, summary: pl.DataFrame, days: float, size: int, rng: np.random.Generator
    ) -> npt.NDArray[np.int64]: ...


@dataclass(frozen=True)
class History:
    """The three numbers of each customer that buy-till-you-die models need, as float arrays."""

    x: Floats
    t_x: Floats
    age: Floats

    @classmethod
    def of(cls, summary: pl.DataFrame) -> History:
        """Take the columns from a summary of customers with at least one occasion.

        Raises
        ------
        FitError
            A value is missing, negative or out of order (``t_x > age``).
        """
        columns = {name: _floats(summary[name].to_numpy()) for name in ("x", "t_x", "age")}
        history = cls(**columns)
        bad = ~np.isfinite(history.x + history.t_x + history.age)
        bad |= (history.x < 0) | (history.t_x < 0) | (history.t_x > history.age)
        if bad.any():
            row = int(np.argmax(bad))
            raise FitError(
                f"Row {row} of the summary cannot be: x={history.x[row]}, t_x={history.t_x[row]}, "
                f"age={history.age[row]}. Leave out customers without a purchase occasion."
            )
        return history


def _floats(values: Any) -> Floats:
    return np.asarray(values, dtype=np.float64)
