"""What earlier windows say: weights of the models, the trees' share, level, width of intervals.

The steps stand in ``docs/algorithms/choice.md``. Everything is decided from windows that had ended
on the day the estimator stands at; the estimator itself is `kundenstamm.worth.auto.AutoEstimator`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from kundenstamm.worth import drift, stack
from kundenstamm.worth.chances import Chance
from kundenstamm.worth.judgement import Judged, Levelled, chance, claims
from kundenstamm.worth.models.base import Floats, OccasionsModel
from kundenstamm.worth.models.contribution import ContributionPerOccasion
from kundenstamm.worth.models.learned import LearnedRatio
from kundenstamm.worth.past import Past, table
from kundenstamm.worth.tails import Claim, Tails

if TYPE_CHECKING:
    import polars as pl

# The trees want so many occasions in a window that was kept from them.
ENOUGH = 500
DRAWS = 128
# So many customers of a window are enough to tell how wide intervals must be.
JUDGED = 20_000
# Until windows say otherwise.
AS_MODELLED = Chance()


@dataclass(frozen=True)
class Choice:
    """How models are mixed and corrected.

    Attributes
    ----------
    weights
        Of the models, sum 1; shape ``(models,)``.
    learned, share, saved
        Trees, their share in the (geometric) mixture, and what they saved of the deviance in the
        window kept from them; None and 0 where they have not earned any share.
    norm
        Keeps the sum of expectations as it is without trees.
    level, amount_level
        Factors on all expectations, and on contribution per occasion, for growth and season.
    level_spread, amount_spread
        How uncertain the two levels are: standard deviations of their logarithms.
    chance
        How the chance to buy at all follows from what the models tell of it and of the occasions.
    claim, amount_claim
        What share of the draws intervals must take in, for occasions and for contribution. Not
        written down: they are needed until the tails are settled.
    tails, amount_tails
        How far out intervals reach, for occasions and for contribution; None until settled.
    """

    weights: Floats
    learned: LearnedRatio | None = None
    share: float = 0.0
    saved: float = 0.0
    norm: float = 1.0
    level: float = 1.0
    amount_level: float = 1.0
    level_spread: float = drift.UNKNOWN
    amount_spread: float = drift.USUAL
    chance: Chance = AS_MODELLED
    claim: Claim | None = None
    amount_claim: Claim | None = None
    tails: Tails | None = None
    amount_tails: Tails | None = None

    @classmethod
    def plain(cls, models: int, level: float) -> Choice:
        """The mean of the models, as long as nothing is known."""
        believed = Claim.plain(level)
        return cls(np.full(models, 1 / models), claim=believed, amount_claim=believed)

    @classmethod
    def made(
        cls,
        pasts: Sequence[Past],
        models: Sequence[OccasionsModel],
        summary: pl.DataFrame,
        level: float,
        seed: int,
    ) -> Choice:
        """From windows of one length, the latest first; ``models`` are fitted on ``summary``."""
        weights = stack.weights(
            [past.window.occasions for past in pasts], [past.told for past in pasts]
        )
        mixed = cls(weights)._with_trees(pasts, seed)._normed(models, summary, pasts[0].window.days)
        return mixed._calibrated(pasts, level, seed)

    @classmethod
    def from_shorter(
        cls,
        pasts: Sequence[Past],
        models: Sequence[OccasionsModel],  # noqa: ARG003
        summary: pl.DataFrame,  # noqa: ARG003
        level: float,
        seed: int,
    ) -> Choice:
        """From windows shorter than the coming days: weights, claims, and how sure the level is."""
        weights = stack.weights(
            [past.window.occasions for past in pasts], [past.told for past in pasts]
        )
        mixed = cls(weights)
        rng = np.random.default_rng(seed)
        levelled = [mixed._levelled(past) for past in _apart(pasts)]
        mixed = replace(mixed, chance=chance(levelled))
        judged = [mixed._judged(one, rng) for one in levelled]
        occasions, amounts = claims(judged, level, rng)
        # What the level did over shorter times says little of a longer one.
        spread = max(drift.spread([], mixed._off(pasts)), drift.UNKNOWN)
        return replace(
            mixed,
            level_spread=spread,
            amount_spread=drift.amount_spread([one.amount_ratio for one in judged]),
            claim=occasions,
            amount_claim=amounts,
        )

    def ratio(self, summary: pl.DataFrame, told: Floats) -> Floats:
        """Everything that corrects ``told``, what the models expect; shape ``(customers,)``."""
        return np.asarray(self.level * self.norm * self.learned_ratio(summary, told))

    def learned_ratio(self, summary: pl.DataFrame, told: Floats) -> Floats:
        """What the trees say, with their share; 1 without them."""
        if self.learned is None:
            return np.ones(told.size)
        return np.asarray(self.learned.ratio(summary, told) ** self.share)

    def amounts(
        self,
        summary: pl.DataFrame,
        draws: Floats,
        contribution: ContributionPerOccasion,
        rng: np.random.Generator,
    ) -> Floats:
        """Draws of contribution (money) for draws of occasions; shape ``(customers, size)``.

        Columns share a level, as the whole base does.
        """
        levels = self.amount_level * np.exp(
            self.amount_spread * rng.standard_normal(draws.shape[1]) - self.amount_spread**2 / 2
        )
        return np.asarray(contribution.sample_totals(summary, draws, rng) * levels)

    def settled(self, draws: Floats, totals: Floats, expected: Floats) -> Choice:
        """With the tails of the coming days, of which these are draws.

        Parameters
        ----------
        draws, totals
            Of occasions and of contribution; shape ``(customers, size)``.
        expected
            Occasions; shape ``(customers,)``.
        """
        if self.claim is None or self.amount_claim is None:
            raise TypeError("Nothing is claimed of intervals yet.")
        return replace(
            self,
            tails=Tails.settled(draws, expected, self.claim),
            amount_tails=Tails.settled(totals, expected, self.amount_claim),
        )

    def both_tails(self) -> tuple[Tails, Tails]:
        """Of occasions and of contribution.

        Raises
        ------
        TypeError
            They are not known yet.
        """
        if self.tails is None or self.amount_tails is None:
            raise TypeError("Fit the estimator first: its intervals are not known yet.")
        return self.tails, self.amount_tails

    def _with_trees(self, pasts: Sequence[Past], seed: int) -> Choice:
        """Trees from windows that had ended when the latest began, judged on the latest."""
        latest, days = pasts[0], timedelta(pasts[0].window.days)
        before = [past for past in pasts if past.window.as_of + days <= latest.window.as_of]
        if not before or latest.window.occasions.sum() < ENOUGH:
            return self
        told = latest.told @ self.weights
        ratio = self._trees(before, seed).ratio(latest.window.summary, told)
        share, saved = stack.earned_share(latest.window.occasions, told, told * ratio)
        if share == 0:
            return replace(self, saved=saved)
        return replace(self, learned=self._trees(pasts, seed), share=share, saved=saved)

    def _trees(self, pasts: Sequence[Past], seed: int) -> LearnedRatio:
        return LearnedRatio(seed % 1000).fit(
            [past.window for past in pasts], [past.told @ self.weights for past in pasts]
        )

    def _normed(
        self, models: Sequence[OccasionsModel], summary: pl.DataFrame, days: float
    ) -> Choice:
        if self.learned is None:
            return self
        told = table(models, summary, days) @ self.weights
        return replace(self, norm=float(told.sum() / (told * self.ratio(summary, told)).sum()))

    def _calibrated(self, pasts: Sequence[Past], level: float, seed: int) -> Choice:
        """Level from windows of the same season, claims from these and the latest."""
        latest = pasts[0].window
        same = drift.alike([past.window for past in pasts], latest.as_of + timedelta(latest.days))
        rng = np.random.default_rng(seed)
        levelled = {n: self._levelled(pasts[n]) for n in {0, *same}}
        sure = replace(self, chance=chance(list(levelled.values())))
        judged = {n: sure._judged(one, rng) for n, one in levelled.items()}
        off = self._off(pasts)
        occasions, amounts = claims(list(judged.values()), level, rng)
        return replace(
            sure,
            level=drift.level([off[n] for n in same]),
            level_spread=drift.spread([off[n] for n in same], off),
            amount_level=drift.level([judged[n].amount_ratio for n in same]),
            amount_spread=drift.amount_spread([one.amount_ratio for one in judged.values()]),
            claim=occasions,
            amount_claim=amounts,
        )

    def _off(self, pasts: Sequence[Past]) -> list[float]:
        """Actual ÷ expected occasions of each window."""
        return [
            float(past.window.occasions.sum() / (past.told @ self.weights).sum()) for past in pasts
        ]

    def _levelled(self, past: Past) -> Levelled:
        past = past.thinned(JUDGED)
        ratio = self.learned_ratio(past.window.summary, past.told @ self.weights)
        return Levelled.of(past, self.weights, ratio)

    def _judged(self, one: Levelled, rng: np.random.Generator) -> Judged:
        return Judged.of(one, self.weights, self.chance, DRAWS, rng)

    def as_data(self) -> dict[str, Any]:
        """Plain values, trees included."""
        return {
            "weights": [float(weight) for weight in self.weights],
            "learned": self.learned and self.learned.as_data(),
            "share": float(self.share),
            "saved": float(self.saved),
            "norm": float(self.norm),
            "level": float(self.level),
            "amount_level": float(self.amount_level),
            "level_spread": float(self.level_spread),
            "amount_spread": float(self.amount_spread),
            "chance": self.chance.as_data(),
            "tails": self.tails and self.tails.as_data(),
            "amount_tails": self.amount_tails and self.amount_tails.as_data(),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """What `as_data` wrote down."""
        return cls(
            weights=np.array(data["weights"], dtype=np.float64),
            learned=LearnedRatio.from_data(data["learned"]) if data["learned"] else None,
            share=data["share"],
            saved=data["saved"],
            norm=data["norm"],
            level=data["level"],
            amount_level=data["amount_level"],
            level_spread=data["level_spread"],
            amount_spread=data.get("amount_spread", drift.USUAL),
            chance=Chance.from_data(data.get("chance", {})),
            tails=Tails.from_data(data["tails"]) if data["tails"] else None,
            amount_tails=Tails.from_data(data["amount_tails"]) if data["amount_tails"] else None,
        )


def _apart(pasts: Sequence[Past]) -> list[Past]:
    """The latest window and, going back, those that do not overlap with one already taken."""
    taken = [pasts[0]]
    for past in pasts[1:]:
        if past.window.as_of + timedelta(past.window.days) <= taken[-1].window.as_of:
            taken.append(past)
    return taken
