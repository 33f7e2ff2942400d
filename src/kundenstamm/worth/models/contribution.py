"""Contribution per occasion: each customer's own mean, drawn towards what others bring.

A contribution may be negative, so a gamma will not do. What a customer brings per occasion is a
compromise between its own mean and the base's (Bühlmann 1967, credibility): with n occasions the
own mean weighs ``n / (n + k)``. ``k`` is the spread of one customer's occasions against the spread
between customers, both relative to size: sizes differ by orders of magnitude, and in absolute
terms the largest customer would always look like an error. For spend that is never negative the
gamma-gamma model (Fader, Hardie & Lee 2005) gives weights of the same form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.models.base import FitError, Floats, checked_weights

if TYPE_CHECKING:
    import polars as pl

# Money is heavy-tailed: beyond this many robust spreads a value counts as lying there.
CLIP_SPREADS = 6.0


class ContributionPerOccasion:
    """A shrunken mean contribution per occasion.

    Attributes
    ----------
    mean_ : float
        Of the base, weighted by what each customer's mean is known with. Money.
    within_share_ : float
        Spread of one occasion relative to the customer's size (a coefficient of variation).
    between_share_ : float
        Spread of customers' sizes, on the scale of logarithms.
    size_floor_ : float
        The least size a customer is taken to have, so that nobody's spread is nil. Money.
    """

    name = "contribution"

    mean_: float
    within_share_: float
    between_share_: float
    size_floor_: float

    def fit(self, summary: pl.DataFrame, weights: npt.ArrayLike | None = None) -> Self:
        """Method of moments with clipped tails; exact under a change of currency unit.

        Parameters
        ----------
        summary
            Rows with at least one occasion; columns ``occasions``, ``contribution_mean`` and
            ``contribution_sd`` (null below two occasions). Money.
        weights
            How many customers each row stands for.

        Raises
        ------
        FitError
            There is no customer with an occasion, or weights that cannot be.
        """
        count, mean, spread = _columns(summary)
        if mean.size == 0:
            raise FitError("There is no customer with a purchase to learn from.")
        given = checked_weights(weights, mean.size)
        weight = np.ones(mean.size) if given is None else given
        self.size_floor_ = max(_median(np.abs(mean), weight) * 0.1, 1e-9)
        size = np.maximum(np.abs(mean), self.size_floor_)
        known = np.isfinite(spread) & (count >= 3)
        cv = spread[known] / size[known]
        self.within_share_ = _median(cv, weight[known]) if weight[known].sum() > 5 else 1.0
        middling = _clipped(mean, weight)
        self.mean_ = float(np.average(middling, weights=weight * count / (1 + count)))
        noise = self.within_share_**2 / count
        self.between_share_ = _spread_of_sizes(np.log(size), noise, weight)
        return self

    @classmethod
    def of(
        cls, mean: float, within_share: float, between_share: float, size_floor: float
    ) -> ContributionPerOccasion:
        """A model with known parameters: how a stored fit comes back."""
        model = cls()
        model.mean_, model.size_floor_ = mean, size_floor
        model.within_share_, model.between_share_ = within_share, between_share
        return model

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> ContributionPerOccasion:
        """The model that `as_data` wrote down."""
        return cls.of(**data["parameters"])

    def as_data(self) -> dict[str, Any]:
        """``{"model": name, "parameters": {...}}``, money in the unit of the summary."""
        names = ("mean", "within_share", "between_share", "size_floor")
        values = {name: float(getattr(self, f"{name}_")) for name in names}
        return {"model": self.name, "parameters": values}

    def expected(self, summary: pl.DataFrame) -> Floats:
        """Posterior mean per occasion, money; shape ``(customers,)``."""
        return self._posterior(summary)[0]

    def sample_totals(
        self, summary: pl.DataFrame, occasions: Floats, rng: np.random.Generator
    ) -> Floats:
        """Draws of the sum over ``occasions`` (shape ``(customers, size)``), money, same shape."""
        mean, error, within = self._posterior(summary)
        totals = np.zeros(occasions.shape)
        bought = occasions > 0
        row, count = np.nonzero(bought)[0], occasions[bought]
        level = mean[row] + error[row] * rng.standard_normal(row.size)
        totals[bought] = level * count + within[row] * np.sqrt(count) * rng.standard_normal(
            row.size
        )
        return totals

    def _posterior(self, summary: pl.DataFrame) -> tuple[Floats, Floats, Floats]:
        """Mean, standard error of the mean, spread of one occasion."""
        count, mean, spread = _columns(summary)
        typical = self.within_share_ * np.maximum(np.abs(mean), self.size_floor_)
        own = np.where(np.isfinite(spread), spread, typical)
        # The own spread of few occasions is a poor guide: it weighs as much as it has occasions.
        within = np.sqrt((np.maximum(count - 1, 0) * own**2 + 3 * typical**2) / (count + 2))
        trust = count / (count + (self.within_share_ / self.between_share_) ** 2)
        return (
            np.asarray(self.mean_ + trust * (mean - self.mean_)),
            np.asarray(np.sqrt(trust / count) * within),
            np.asarray(within),
        )


def _columns(summary: pl.DataFrame) -> tuple[Floats, Floats, Floats]:
    names = ("occasions", "contribution_mean", "contribution_sd")
    count, mean, spread = (
        np.asarray(summary[name].cast(float).fill_null(np.nan).to_numpy(), dtype=np.float64)
        for name in names
    )
    return count, mean, spread


def _spread_of_sizes(logs: Floats, noise: Floats, weight: Floats) -> float:
    """Robust spread of logarithms, less what single customers' noise adds; never nil."""
    spread = _spread(logs, weight)
    return float(np.sqrt(max(spread**2 - _median(noise, weight), 0.01)))


def _clipped(values: Floats, weight: Floats) -> Floats:
    middle, spread = _median(values, weight), _spread(values, weight)
    if spread <= 0:
        return values
    return np.asarray(
        np.clip(values, middle - CLIP_SPREADS * spread, middle + CLIP_SPREADS * spread)
    )


def _spread(values: Floats, weight: Floats) -> float:
    """The median distance from the median, as a standard deviation of a normal."""
    return _median(np.abs(values - _median(values, weight)), weight) * 1.4826


def _median(values: Floats, weight: Floats) -> float:
    """As if each value stood there as often as it weighs; the middle of two where it is between."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weight[order])
    half = below[-1] / 2
    first = int(np.searchsorted(below, half * (1 - 1e-12)))
    second = int(np.searchsorted(below, half * (1 + 1e-12), side="right"))
    second = min(second, values.size - 1)
    return float((values[order[first]] + values[order[second]]) / 2)
