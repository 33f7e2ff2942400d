"""What an earlier window says about intervals and amounts, at the level the window had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kundenstamm.worth.intervals import Draws
from kundenstamm.worth.models.base import Floats
from kundenstamm.worth.models.learned import FLOOR, level_free
from kundenstamm.worth.past import Past, drawn
from kundenstamm.worth.tails import Claim


@dataclass(frozen=True)
class Judged:
    """Expected and drawn beside actual occasions and amounts; shapes ``(customers[, size])``.

    ``modelled`` is the chance to buy that the models tell at the level of what came,
    ``amount_ratio`` actual ÷ predicted contribution, occasions being at the right level.
    """

    expected: Floats
    modelled: Floats
    occasions: Floats
    draws: Draws
    amount: Floats
    totals: Draws
    amount_ratio: float

    @classmethod
    def of(
        cls, past: Past, weights: Floats, ratio: Floats, size: int, rng: np.random.Generator
    ) -> Judged:
        """``ratio`` is what the trees say per customer, 1 without them."""
        window, told = past.window, np.maximum(past.told @ weights, FLOOR)
        expected = level_free(window.occasions, told * ratio)
        draws = drawn(past.models, weights, window.summary, window.days, size, rng, expected / told)
        totals, per_occasion = past.totals(draws, rng)
        predicted = float((expected * per_occasion).sum())
        actual = float(window.contribution.sum())
        amount_ratio = actual / predicted if predicted > 0 and actual > 0 else 1.0
        totals = totals * amount_ratio
        modelled = past.buying(weights, expected / told)
        return cls(
            expected, modelled, window.occasions, draws, window.contribution, totals, amount_ratio
        )


def claims(judged: Sequence[Judged], level: float, rng: np.random.Generator) -> tuple[Claim, Claim]:
    """Of occasions and of amounts, from all windows together."""
    expected = np.concatenate([one.expected for one in judged])
    occasions = np.concatenate([one.occasions for one in judged])
    draws = np.concatenate([one.draws for one in judged])
    amounts = np.concatenate([one.amount for one in judged])
    totals = np.concatenate([one.totals for one in judged])
    return (
        Claim.learned(occasions, draws, expected, level, rng),
        Claim.learned(amounts, totals, expected, level, rng),
    )
