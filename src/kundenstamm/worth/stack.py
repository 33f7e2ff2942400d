"""Mixing predictions by what they were worth in earlier windows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kundenstamm.worth.models.base import Floats
from kundenstamm.worth.models.learned import FLOOR, level_free

# Equal weights count as much as this share of the evidence.
PULL = 0.2
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
# What a share must lower the deviance by to enter: a part of it, and so much per window.
EARNED = 0.002


def weights(actual: Sequence[Floats], told: Sequence[Floats]) -> Floats:
    """Non-negative weights of sum 1, drawn towards equal ones.

    Parameters
    ----------
    actual
        What came, per window; shape ``(customers,)``.
    told
        Predictions of each window, shape ``(customers, models)``. Each is brought to the level of
        its window first: what counts is who, not how much in all.
    """
    from scipy.optimize import nnls

    models = told[0].shape[1]
    equal = np.full(models, 1 / models)
    if models == 1:
        return equal
    inner, right = np.zeros((models, models)), np.zeros(models)
    for truth, table in zip(actual, told, strict=True):
        levelled = np.column_stack([level_free(truth, table[:, n]) for n in range(models)])
        inner += levelled.T @ levelled
        right += levelled.T @ truth
    pull = PULL * float(np.trace(inner)) / models
    root = np.linalg.cholesky(inner + pull * np.eye(models))
    found, _rest = nnls(root.T, np.linalg.solve(root, right + pull * equal))
    total = float(found.sum())
    return np.asarray(found / total) if total > 0 else equal


def earned_share(actual: Floats, told: Floats, other: Floats) -> tuple[float, float]:
    """How much of ``other`` to mix into ``told``, and the deviance it saves (a share of it).

    A geometric mixture, by Poisson deviance at equal level; 0 unless it saves something. One
    step less than the best: what won once wins less the next time.
    """
    without = deviance(actual, told)
    found = [deviance(actual, mixed(told, other, share)) for share in SHARES]
    best = int(np.argmin(found))
    saved = 1 - found[best] / without if without > 0 else 0.0
    return (max(SHARES[best] - 0.25, 0.25), saved) if best and saved > EARNED else (0.0, saved)


def mixed(told: Floats, other: Floats, share: float) -> Floats:
    """``told^(1−share) · other^share`` with the sum of ``told``; shape ``(customers,)``."""
    if share == 0:
        return told
    one, two = np.maximum(told, FLOOR), np.maximum(other, FLOOR)
    both = one ** (1 - share) * two**share
    return np.asarray(both * (told.sum() / both.sum()))


def deviance(actual: Floats, told: Floats) -> float:
    """Poisson deviance at the level of what came, mean over customers."""
    from scipy.special import xlogy

    level = level_free(actual, told)
    return float(2 * (xlogy(actual, actual / level) - actual + level).mean())
