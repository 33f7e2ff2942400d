"""The chance to buy at all, learned from earlier windows; see ``docs/algorithms/choice.md``.

Models tell a chance, and they tell how many occasions to expect. Trees and the season correct the
second only, and where customers differ more than a model believes, the second orders them better.
What came in earlier windows says how much each counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kundenstamm.worth.models.base import Floats

# Nothing is impossible; and no exponent leaves the numbers that a float knows.
LEAST, MOST = 1e-9, 30.0
# How much the even mixture counts beside the evidence: a normal of this precision around it.
EVEN, PRECISION = (0.0, 0.5, 0.5), 10.0


@dataclass(frozen=True)
class Chance:
    """``log(−log(1 − chance)) = constant + modelled · log(h) + expected · log(m)``.

    ``h`` is ``−log(1 − p)`` of the chance p that the models tell, ``m`` the occasions expected. The
    complementary log-log link: where purchases came as a Poisson's do, ``h`` were their number.
    """

    constant: float = 0.0
    modelled: float = 1.0
    expected: float = 0.0

    @classmethod
    def learned(
        cls, bought: Sequence[Floats], modelled: Sequence[Floats], expected: Sequence[Floats]
    ) -> Chance:
        """By penalised maximum likelihood, neither weight below nil.

        Parameters
        ----------
        bought
            Of each window whether customers did, 1 or 0; shape ``(customers,)``.
        modelled, expected
            The chance that models told, and the occasions that were expected, at the level of what
            came; shape ``(customers,)``.
        """
        from scipy.optimize import minimize

        came = np.concatenate(bought)
        rows = _rows(np.concatenate(modelled), np.concatenate(expected))
        found = minimize(
            lambda weights: _penalised(weights, rows, came),
            np.array(EVEN),
            jac=True,
            method="L-BFGS-B",
            bounds=[(None, None), (0, None), (0, None)],
        )
        return cls(*(float(weight) for weight in found.x))

    def of(self, modelled: Floats, expected: Floats) -> Floats:
        """Chances; shape ``(customers,)``. None is above what is expected (Markov's inequality)."""
        weights = np.array([self.constant, self.modelled, self.expected])
        hazard = np.exp(np.minimum(_rows(modelled, expected) @ weights, MOST))
        return np.asarray(np.clip(-np.expm1(-hazard), 0.0, np.minimum(expected, 1.0)))

    def as_data(self) -> dict[str, float]:
        return {name: getattr(self, name) for name in ("constant", "modelled", "expected")}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Chance:
        return cls(**data)


def _rows(modelled: Floats, expected: Floats) -> Floats:
    """Shape ``(customers, 3)``."""
    hazard = -np.log1p(-np.clip(modelled, 0.0, 1 - LEAST))
    logs = [np.log(np.maximum(part, LEAST)) for part in (hazard, expected)]
    return np.column_stack([np.ones(expected.size), *logs])


def _penalised(weights: Floats, rows: Floats, came: Floats) -> tuple[float, Floats]:
    """Negative log-likelihood with the penalty, and its gradient."""
    hazard = np.exp(np.clip(rows @ weights, -MOST, np.log(MOST)))
    chance = np.maximum(-np.expm1(-hazard), LEAST)
    likelihood = np.where(came > 0, np.log(chance), -hazard).sum()
    slope = np.where(came > 0, hazard * np.exp(-hazard) / chance, -hazard)
    off = weights - np.array(EVEN)
    value = -likelihood + PRECISION * float(off @ off) / 2
    return float(value), np.asarray(-(rows.T @ slope) + PRECISION * off)
