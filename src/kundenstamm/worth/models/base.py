"""What every estimator has in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import polars as pl

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


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
    """Predicts purchase occasions from the summary's columns ``x``, ``t_x`` and ``age`` (days).

    Attributes
    ----------
    name : str
        What the estimator is called in tables, settings and stored fits.
    fit_report_ : FitReport
    standard_errors_ : dict
        Parameter → standard error, in the parameter's own unit; empty for rules without any.
    """

    name: ClassVar[str]
    fit_report_: FitReport
    standard_errors_: dict[str, float]

    def fit(self, summary: pl.DataFrame, weights: npt.ArrayLike | None = None) -> Self:
        """Learn from customers with at least one occasion; raises `FitError`."""
        ...

    def probability_active(self, summary: pl.DataFrame) -> Floats:
        """P(active) at each customer's ``age``; shape ``(customers,)``."""
        ...

    def probability_buying(self, summary: pl.DataFrame, days: float) -> Floats:
        """Chance of at least one occasion in the next ``days``; shape ``(customers,)``."""
        ...

    def expected_occasions(self, summary: pl.DataFrame, days: float) -> Floats:
        """Mean number of occasions in the next ``days``; shape ``(customers,)``."""
        ...

    def silence_until(self, summary: pl.DataFrame, probability: float) -> Floats:
        """Days after the last occasion at which P(active) falls to ``probability``."""
        ...

    def sample(
        self, summary: pl.DataFrame, days: float, size: int, rng: np.random.Generator
    ) -> Counts:
        """Draws of the occasions in the next ``days``; shape ``(customers, size)``."""
        ...

    def as_data(self) -> dict[str, Any]:
        """Name and parameters as plain values: a model is never pickled."""
        ...

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The model that `as_data` wrote down."""
        ...


# Whatever the unit of time: so little of it is none, and may not be divided by.
NO_TIME = 1e-12


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
        for name in ("t_x", "age"):
            columns[name] = np.where(np.abs(columns[name]) < NO_TIME, 0.0, columns[name])
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

    def part(self, rows: slice) -> History:
        return History(self.x[rows], self.t_x[rows], self.age[rows])


def checked_weights(weights: npt.ArrayLike | None, customers: int) -> Floats | None:
    """How many customers each row stands for; None means one each.

    Raises
    ------
    FitError
        Not one finite weight per row, one is negative, or all are nil.
    """
    if weights is None:
        return None
    found = _floats(weights)
    if found.shape != (customers,):
        raise FitError(f"There are {found.size} weights for {customers} customers.")
    if not np.isfinite(found).all() or (found < 0).any() or not found.any():
        raise FitError("Weights must be finite, not negative, and not all nil.")
    return found


def _floats(values: Any) -> Floats:
    return np.asarray(values, dtype=np.float64)
