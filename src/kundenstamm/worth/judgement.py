"""What an earlier window says about intervals and amounts, at the level the window had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kundenstamm.worth.chances import Chance
from kundenstamm.worth.intervals import Draws, with_chance
from kundenstamm.worth.models.base import Floats
from kundenstamm.worth.models.learned import FLOOR, level_free
from kundenstamm.worth.past import Past, drawn
from kundenstamm.worth.tails import Claim


@dataclass(frozen=True)
class Levelled:
    """What was told of a window, at the level of what came; shapes ``(customers,)``.

    ``modelled`` is the chance to buy that the models told, ``ratio`` what corrects their
    occasions to ``expected``.
    """

    past: Past
    ratio: Floats
    expected: Floats
    modelled: Floats

    @classmethod
    def of(cls, past: Past, weights: Floats, ratio: Floats) -> Levelled:
        """``ratio`` is what the trees say per customer, 1 without them."""
        told = np.maximum(past.told @ weights, FLOOR)
        expected = level_free(past.window.occasions, told * ratio)
        return cls(past, expected / told, expected, past.buying(weights, expected / told))


def chance(levelled: Sequence[Levelled]) -> Chance:
    """How the chance to buy follows from what was told, from all windows together."""
    return Chance.learned(
        [(one.past.window.occasions > 0).astype(np.float64) for one in levelled],
        [one.modelled for one in levelled],
        [one.expected for one in levelled],
    )


@dataclass(frozen=True)
class Judged:
    """Expected and drawn beside actual occasions and amounts; shapes ``(customers[, size])``.

    ``amount_ratio`` is actual ÷ predicted contribution, occasions being at the right level.
    """

    expected: Floats
    occasions: Floats
    draws: Draws
    amount: Floats
    totals: Draws
    amount_ratio: float

    @classmethod
    def of(
        cls, one: Levelled, weights: Floats, chance: Chance, size: int, rng: np.random.Generator
    ) -> Judged:
        """With draws as they will be made of the coming days."""
        past, window = one.past, one.past.window
        draws = drawn(past.models, weights, window.summary, window.days, size, rng, one.ratio)
        draws = with_chance(draws, chance.of(one.modelled, one.expected), rng)
        totals, per_occasion = past.totals(draws, rng)
        predicted = float((one.expected * per_occasion).sum())
        actual = float(window.contribution.sum())
        amount_ratio = actual / predicted if predicted > 0 and actual > 0 else 1.0
        totals = totals * amount_ratio
        return cls(one.expected, window.occasions, draws, window.contribution, totals, amount_ratio)


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
