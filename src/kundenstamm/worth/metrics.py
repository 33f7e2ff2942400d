"""How good predictions were: one small function per metric.

``actual`` and ``predicted`` have the shape ``(customers,)`` and the same unit (occasions, or
money). All answers are finite; where a metric has no meaning, `MetricError` says why.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.models.base import Floats

Values = npt.ArrayLike


class MetricError(ValueError):
    """The data carry no such metric; the message says why."""


def bias(actual: Values, predicted: Values) -> float:
    """Predicted over actual sum, less 1: −0.1 is a tenth too low. Refused if nothing happened."""
    truth, told = _pair(actual, predicted)
    if truth.sum() == 0:
        raise MetricError("Nothing happened: there is no sum to compare with.")
    return float(told.sum() / truth.sum() - 1)


def mae(actual: Values, predicted: Values) -> float:
    """Mean absolute error, in the unit of the values."""
    truth, told = _pair(actual, predicted)
    return float(np.abs(told - truth).mean())


def rmse(actual: Values, predicted: Values) -> float:
    """Root of the mean squared error, in the unit of the values."""
    truth, told = _pair(actual, predicted)
    return float(np.sqrt(np.square(told - truth).mean()))


def spearman(actual: Values, predicted: Values) -> float:
    """Rank correlation, ties at their mean rank; 0 where one side is constant: no order."""
    truth, told = (_ranks(values) for values in _pair(actual, predicted))
    truth, told = truth - truth.mean(), told - told.mean()
    size = np.sqrt(np.square(truth).sum() * np.square(told).sum())
    return float((truth * told).sum() / size) if size > 0 else 0.0


def gini(actual: Values, predicted: Values) -> float:
    """Normalised Gini: how much of the actual sum stands with those ranked high.

    1 for the best possible order, 0 for none, −1 for the reverse. Customers with the same
    prediction share what they brought, so that their order in the table does not matter; 0 where
    nobody differs from anybody.
    """
    truth, told = _pair(actual, predicted)
    best = _concentration(truth, truth)
    return _concentration(truth, told) / best if best != 0 else 0.0


def decile_error(actual: Values, predicted: Values, groups: int = 10) -> float:
    """Mean over tenths of customers, by prediction, of ``|predicted / actual − 1|``.

    Tenths in which nothing happened cannot be compared and are left out; refused if all are.
    """
    truth, told = _pair(actual, predicted)
    order = np.argsort(told, kind="stable")
    parts = np.array_split(order, min(groups, order.size))
    sums = np.array([(told[part].sum(), truth[part].sum()) for part in parts])
    known = sums[:, 1] != 0
    if not known.any():
        raise MetricError("Nothing happened in any tenth of the customers.")
    return float(np.abs(sums[known, 0] / sums[known, 1] - 1).mean())


def brier(happened: Values, probability: Values) -> float:
    """Mean squared error of probabilities (Brier 1950)."""
    truth, chance = _pair(happened, probability)
    return float(np.square(chance - truth).mean())


def auc(happened: Values, score: Values) -> float:
    """Chance that one who did ranks above one who did not; ties count half.

    Refused if all or none did.
    """
    truth, told = _pair(happened, score)
    did = truth > 0
    positive, negative = int(did.sum()), int((~did).sum())
    if positive == 0 or negative == 0:
        raise MetricError("All or none did: there is nothing to tell apart.")
    above = _ranks(told)[did].sum() - positive * (positive + 1) / 2
    return float(above / positive / negative)


def crps_of_samples(actual: Values, draws: Values) -> float:
    """Continuous ranked probability score of draws, shape ``(customers, size)``; mean.

    ``E|X − y| − E|X − X'| / 2`` with all pairs of draws (Gneiting & Raftery 2007); in the unit of
    the values. With one draw it is the absolute error.
    """
    truth, drawn = _floats(actual), np.sort(_floats(draws), axis=1)
    size = drawn.shape[1]
    if truth.size == 0 or drawn.shape[0] != truth.size or size == 0:
        raise MetricError("There must be draws for every customer.")
    error = np.abs(drawn - truth[:, None]).mean(axis=1)
    weight = 2 * np.arange(1, size + 1) - size - 1
    return float((error - (drawn @ weight) / size**2).mean())


def crps_of_counts(actual: Values, probabilities: Values) -> float:
    """The same for a distribution over 0, 1, 2 …; shape ``(customers, counts)``; mean.

    ``Σ over n of (P(Y ≤ n) − 1{y ≤ n})²``; counts beyond the table are of no probability.
    """
    truth, chance = _floats(actual), _floats(probabilities)
    if truth.size == 0 or chance.shape[0] != truth.size:
        raise MetricError("There must be a distribution for every customer.")
    below = np.cumsum(chance, axis=1)
    there = np.arange(chance.shape[1]) >= truth[:, None]
    beyond = np.maximum(truth - chance.shape[1], 0)
    return float((np.square(below - there).sum(axis=1) + beyond).mean())


def coverage(actual: Values, low: Values, high: Values) -> float:
    """Share of customers inside their interval; both ends belong to it.

    Counts are discrete: an interval of whole numbers cannot cover 80 % exactly where, say, 0 has
    a probability of 90 %. `split_coverage` is free of that.
    """
    truth, bottom = _pair(actual, low)
    _truth, top = _pair(actual, high)
    return float(((truth >= bottom) & (truth <= top)).mean())


def split_coverage(actual: Values, draws: Values, level: float = 0.8) -> float:
    """Coverage of the central interval of draws, shape ``(customers, size)``; ties are split.

    A value that equals some of the draws stands anywhere among them with equal chance; the part
    of those places that lies within the interval counts (the expectation of a randomised
    interval, Czado, Gneiting & Held 2009). A right distribution of counts covers ``level``.
    """
    truth, drawn = _floats(actual), _floats(draws)
    if truth.size == 0 or drawn.shape[0] != truth.size or drawn.shape[1] == 0:
        raise MetricError("There must be draws for every customer.")
    size = drawn.shape[1] + 1
    below = (drawn < truth[:, None]).sum(axis=1) / size
    ties = ((drawn == truth[:, None]).sum(axis=1) + 1) / size
    start, end = (1 - level) / 2, (1 + level) / 2
    inside = np.minimum(below + ties, end) - np.maximum(below, start)
    return float((np.maximum(inside, 0) / ties).mean())


def _pair(actual: Values, predicted: Values) -> tuple[Floats, Floats]:
    truth, told = _floats(actual), _floats(predicted)
    if truth.shape != told.shape or truth.ndim != 1 or truth.size == 0:
        raise MetricError(f"There is nothing to compare: {truth.shape} against {told.shape}.")
    if not np.isfinite(truth).all() or not np.isfinite(told).all():
        raise MetricError("A value is missing or infinite.")
    return truth, told


def _floats(values: Values) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _ranks(values: Floats) -> Floats:
    """From 1, ties at their mean."""
    _values, at, many = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(many)
    return np.asarray((last - (many - 1) / 2)[at], dtype=np.float64)


def _concentration(truth: Floats, order: Floats) -> float:
    """Covariance of values and ranks: the Gini but for a factor that cancels."""
    ranks = _ranks(order)
    return float((truth * (ranks - ranks.mean())).sum())
