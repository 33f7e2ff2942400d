"""The estimator that chooses by evidence; see ``docs/algorithms/choice.md``.

It gets windows that end at the observation's end or before (`Purchases.earlier`), fits every
candidate at the beginning of each, and takes from what came: how much each candidate weighs,
whether trees have earned a share, how high the level of the base is in this season, and how wide
intervals must be (`kundenstamm.worth.choice`). Without windows it is the plain mean of the
candidates, for a small base MBG/NBD.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.choice import DRAWS, Choice
from kundenstamm.worth.intervals import Draws, Ends, in_parts, with_chance
from kundenstamm.worth.models.base import Counts, FitReport, Floats
from kundenstamm.worth.models.contribution import ContributionPerOccasion
from kundenstamm.worth.models.registry import ESTIMATORS, restored
from kundenstamm.worth.past import Past, buying, drawn, table
from kundenstamm.worth.purchases import Purchases, Window
from kundenstamm.worth.reasons import reasons
from kundenstamm.worth.sentences import Sentence
from kundenstamm.worth.steps import CHOICE, WINDOWS, Step, silent

if TYPE_CHECKING:
    import polars as pl

# A story of leaving at any time, and one of rhythm. MBG/NBD tells the first with a
# higher MAE (``benchmarks/accuracy.py``); to BG/NBD, who bought once never leaves.
LEAVING, RHYTHM = "paretonbd", "mbgcnbdk"
# Below so many customers the simplest model is as much as the data carry.
SIMPLEST = "mbgnbd"
SMALL = 200
# Earlier windows are looked at for so many customers at most; ties are settled on fewer.
MOST, SAMPLE = 50_000, 20_000
# Beyond chance: of so many draws with a chance of 0.1 a share of 0.15 is one run in thirty.
SURE = 0.05
# Where no window of the full length fits, one half or a quarter as long, of so many days at least.
PARTS, SHORTEST = (2, 4), 30


@dataclass(frozen=True)
class _Foreseen:
    """What is told of each row, computed once; shapes ``(customers,)``.

    ``ratio`` corrects what the models expect to ``occasions``, ``chance`` is that to buy at all.
    """

    ratio: Floats
    occasions: Floats
    chance: Floats

    def of(self, rows: npt.NDArray[np.bool_]) -> _Foreseen:
        return _Foreseen(self.ratio[rows], self.occasions[rows], self.chance[rows])


class AutoEstimator:
    """A stack of parametric models, corrected by trees and by the level of earlier windows.

    Attributes
    ----------
    models_
        The fitted candidates.
    choice_ : Choice
        How they are mixed and corrected.
    why_ : tuple of Sentence
        What was chosen and how it did, in words that can be translated.
    """

    name: ClassVar[str] = "auto"
    fit_report_: FitReport
    standard_errors_: dict[str, float]

    def __init__(
        self,
        windows: Sequence[Window] = (),
        *,
        days: int | None = None,
        level: float = 0.8,
        seed: int = 20_260_101,
        step: Step = silent,
    ) -> None:
        """``windows`` of one length, the latest first; ``level`` is the intervals' share.

        ``days`` is the length that is asked for, if the windows are shorter: then they tell
        weights and intervals, not the level of a season nor what trees could learn. ``step`` hears
        of every window that was looked at, and of every part of the customers in `intervals`.
        """
        self.windows, self.level, self.seed, self.step = tuple(windows), level, seed, step
        self.days = days or (windows[0].days if windows else None)
        self.is_shorter = bool(windows) and days is not None and windows[0].days < days

    @classmethod
    def looking_back(
        cls, purchases: Purchases, as_of: date, days: int, step: Step = silent
    ) -> AutoEstimator:
        """With the windows of ``days`` that ``purchases`` up to ``as_of`` have.

        Where the history is too short for any, windows half or a quarter as long are looked at.
        """
        past = purchases.until(as_of).thinned(MOST)
        lengths = [days, *(days // part for part in PARTS if days // part >= SHORTEST)]
        looked = (past.earlier(as_of, length) for length in lengths)
        return cls(next((windows for windows in looked if windows), ()), days=days, step=step)

    def fit(self, summary: pl.DataFrame, weights: npt.ArrayLike | None = None) -> Self:
        """Fit the candidates, then judge them on the windows.

        Parameters
        ----------
        summary
            Rows with at least one occasion; for the trees to count as `Purchases.outlook` makes
            them.
        weights
            How many customers each row stands for, in the candidates' fits; in the windows, and
            for the tails of intervals, each customer counts once.

        Raises
        ------
        FitError
            As `kundenstamm.worth.models.ModifiedBetaGeoNBD`.
        """
        models = [ESTIMATORS[name]().fit(summary, weights) for name in _candidates(summary)]
        # Without a rhythm (k = 1) it is a story of leaving once more.
        self.models_ = [m for m in models if m.name != RHYTHM or getattr(m, "k_", 1) > 1]
        names = [model.name for model in self.models_]
        self.fit_report_ = self.models_[0].fit_report_
        self.standard_errors_ = {}
        pasts = self._looked_at(names)
        if pasts:
            make = Choice.from_shorter if self.is_shorter else Choice.made
            self.choice_ = make(pasts, self.models_, summary, self.level, self.seed)
        else:
            self.choice_ = Choice.plain(len(names), self.level)
        self.choice_ = self._settled(summary)
        self.why_ = reasons(self.models_, self.choice_, pasts, shorter=self.is_shorter)
        return self

    def expected_occasions(self, summary: pl.DataFrame, days: float) -> Floats:
        """Mean number of occasions in the next ``days``; shape ``(customers,)``."""
        told = self._told(summary, days)
        return np.asarray(told * self.choice_.ratio(summary, told))

    def expected_amount(
        self, summary: pl.DataFrame, days: float, contribution: ContributionPerOccasion
    ) -> Floats:
        """Mean contribution in the next ``days``, money; shape ``(customers,)``."""
        per_occasion = contribution.expected(summary) * self.choice_.amount_level
        return np.asarray(self.expected_occasions(summary, days) * per_occasion)

    def probability_active(self, summary: pl.DataFrame) -> Floats:
        """P(active) at each customer's ``age``, weighted over the models."""
        told = [model.probability_active(summary) for model in self.models_]
        return np.asarray(np.column_stack(told) @ self.choice_.weights)

    def probability_buying(self, summary: pl.DataFrame, days: float) -> Floats:
        """Chance of at least one occasion in the next ``days``; shape ``(customers,)``.

        What the models say of it and of the number of occasions, weighed as earlier windows say.
        """
        return self._foreseen(summary, days).chance

    def silence_until(self, summary: pl.DataFrame, probability: float) -> Floats:
        """Days after the last occasion at which P(active) falls to ``probability``.

        The weighted mean of what the models say.
        """
        told = [model.silence_until(summary, probability) for model in self.models_]
        return np.asarray(np.column_stack(told) @ self.choice_.weights)

    def sample(
        self, summary: pl.DataFrame, days: float, size: int, rng: np.random.Generator
    ) -> Counts:
        """Draws of the occasions in the next ``days``; shape ``(customers, size)``."""
        return self._draws(summary, days, size, rng, self._foreseen(summary, days)).astype(np.int64)

    def intervals(
        self, summary: pl.DataFrame, days: float, contribution: ContributionPerOccasion
    ) -> Ends:
        """Ends of the intervals of occasions and of contribution (money), all inside."""
        tails, amount_tails = self.choice_.both_tails()

        def part(rows: pl.DataFrame, rng: np.random.Generator) -> Ends:
            told = self._foreseen(rows, days)
            # Whoever buys so seldom has the interval from nil to nil, but for chance in the draws.
            left_out = np.minimum(tails.share(told.occasions), amount_tails.share(told.occasions))
            drawn = told.chance > left_out - SURE
            ends = Ends.nothing(rows.height)
            ends.put(drawn, self._ends(rows.filter(drawn), days, told.of(drawn), contribution, rng))
            return ends

        return in_parts(summary, part, self.seed, self.step)

    def _ends(
        self,
        rows: pl.DataFrame,
        days: float,
        told: _Foreseen,
        contribution: ContributionPerOccasion,
        rng: np.random.Generator,
    ) -> Ends:
        tails, amount_tails = self.choice_.both_tails()
        draws = self._draws(rows, days, DRAWS, rng, told)
        totals = self.choice_.amounts(rows, draws, contribution, rng)
        return Ends(*tails.ends(draws, told.occasions), *amount_tails.ends(totals, told.occasions))

    def as_data(self) -> dict[str, Any]:
        """Plain values, trees included."""
        return {
            "model": self.name,
            "models": [model.as_data() for model in self.models_],
            "choice": self.choice_.as_data(),
            "why": [sentence.as_data() for sentence in self.why_],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The estimator that `as_data` wrote down."""
        model = cls()
        model.models_ = [restored(each) for each in data["models"]]
        model.choice_ = Choice.from_data(data["choice"])
        model.why_ = tuple(Sentence(each["msgid"], each["params"]) for each in data["why"])
        return model

    def _looked_at(self, names: Sequence[str]) -> list[Past]:
        """Every window in which the models could be fitted and somebody bought."""
        found = []
        for number, window in enumerate(self.windows, 1):
            found.append(Past.of(window, names))
            self.step(WINDOWS, number, len(self.windows))
        self.step(CHOICE, 0, 0)
        return [past for past in found if past is not None]

    def _settled(self, summary: pl.DataFrame) -> Choice:
        """The choice with tails for the coming days, or as many as customers are old."""
        mean_age = float(summary["age"].cast(float).mean() or 1.0)  # type: ignore[arg-type]
        rows = summary.gather_every(-(-summary.height // SAMPLE))
        rng, days = np.random.default_rng(self.seed), self.days or mean_age
        told = self._foreseen(rows, days)
        draws = totals = self._draws(rows, days, DRAWS + 1, rng, told)
        # Where no contributions are known, they are as uncertain as the occasions.
        if "contribution_mean" in summary.columns:
            money = ContributionPerOccasion().fit(summary)
            totals = self.choice_.amounts(rows, draws, money, rng)
        return self.choice_.settled(draws, totals, told.occasions)

    def _told(self, summary: pl.DataFrame, days: float) -> Floats:
        """What the models expect, weighted and not yet corrected."""
        return np.asarray(table(self.models_, summary, days) @ self.choice_.weights)

    def _foreseen(self, summary: pl.DataFrame, days: float) -> _Foreseen:
        told = self._told(summary, days)
        ratio = self.choice_.ratio(summary, told)
        modelled = buying(self.models_, self.choice_.weights, summary, days, ratio)
        return _Foreseen(ratio, told * ratio, self.choice_.chance.of(modelled, told * ratio))

    def _draws(
        self,
        summary: pl.DataFrame,
        days: float,
        size: int,
        rng: np.random.Generator,
        told: _Foreseen,
    ) -> Draws:
        choice = self.choice_
        found = drawn(
            self.models_, choice.weights, summary, days, size, rng, told.ratio, choice.level_spread
        )
        return with_chance(found, told.chance, rng)


def _candidates(summary: pl.DataFrame) -> tuple[str, ...]:
    """As many as the base carries; a rhythm can only be seen in the gaps."""
    if summary.height < SMALL:
        return (SIMPLEST,)
    return (LEAVING, RHYTHM) if "gap_log_mean" in summary.columns else (LEAVING,)
