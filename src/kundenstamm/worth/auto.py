"""The estimator that chooses by evidence; see ``docs/algorithms/choice.md``.

It gets windows that end at the observation's end or before (`Purchases.earlier`), fits every
candidate at the beginning of each, and takes from what came: how much each candidate weighs,
whether trees have earned a share, how high the level of the base is in this season, and how wide
intervals must be. Without windows it is the plain mean of the candidates, for a small base MBG/NBD.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from kundenstamm.worth import drift, stack
from kundenstamm.worth.intervals import Draws, Tails, own_tails
from kundenstamm.worth.judgement import Judged, tails
from kundenstamm.worth.models.base import Counts, FitReport, Floats
from kundenstamm.worth.models.contribution import ContributionPerOccasion
from kundenstamm.worth.models.learned import LearnedRatio
from kundenstamm.worth.models.registry import ESTIMATORS, restored
from kundenstamm.worth.past import Past, drawn, table
from kundenstamm.worth.purchases import Purchases, Window
from kundenstamm.worth.reasons import reasons
from kundenstamm.worth.sentences import Sentence

if TYPE_CHECKING:
    import polars as pl

# Two stories of leaving and one of rhythm. BG/NBD is left out: to it, who bought once never leaves.
CANDIDATES = ("mbgnbd", "paretonbd", "mbgcnbdk")
PLAIN = CANDIDATES[:2]
# Below so many customers one model is as much as the data carry.
SMALL = 200
# The trees want so many occasions in a window that was kept from them.
ENOUGH = 500
# Earlier windows are looked at for so many customers at most.
MOST = 50_000
DRAWS = 200
# Draws are made for so many customers at a time, which bounds memory.
CHUNK = 20_000


class AutoEstimator:
    """A stack of parametric models, corrected by trees and by the level of earlier windows.

    Attributes
    ----------
    models_, weights_
        The fitted candidates and what each weighs.
    learned_share_ : float
        Share of the trees in the (geometric) mixture; 0 where they have not earned any.
    level_ : float
        Factor on all expectations for growth and season.
    amount_level_ : float
        The same for contribution per occasion.
    tails_, amount_tails_
        How far out intervals reach, for occasions and for contribution.
    why_ : tuple of Sentence
        What was chosen and how it did, in words that can be translated.
    """

    name: ClassVar[str] = "auto"
    fit_report_: FitReport
    standard_errors_: dict[str, float]

    def __init__(
        self, windows: Sequence[Window] = (), *, level: float = 0.8, seed: int = 20_260_101
    ) -> None:
        """``windows`` of one length, the latest first; ``level`` is the intervals' share."""
        self.windows, self.level, self.seed = tuple(windows), level, seed

    @classmethod
    def looking_back(cls, purchases: Purchases, as_of: date, days: int) -> AutoEstimator:
        """With the windows of ``days`` that ``purchases`` up to ``as_of`` have."""
        return cls(purchases.until(as_of).thinned(MOST).earlier(as_of, days))

    def fit(self, summary: pl.DataFrame, weights: npt.ArrayLike | None = None) -> Self:
        """Fit the candidates, then judge them on the windows.

        Parameters
        ----------
        summary
            Rows with at least one occasion; for the trees to count as `Purchases.outlook` makes
            them.
        weights
            How many customers each row stands for.

        Raises
        ------
        FitError
            As `kundenstamm.worth.models.ModifiedBetaGeoNBD`.
        """
        models = [ESTIMATORS[name]().fit(summary, weights) for name in _candidates(summary)]
        # Without a rhythm (k = 1) the third is the first once more.
        self.models_ = [m for m in models if m.name in PLAIN or getattr(m, "k_", 1) > 1]
        names = [model.name for model in self.models_]
        self.fit_report_ = self.models_[0].fit_report_
        self.standard_errors_ = {}
        looked = [Past.of(window, names) for window in self.windows]
        pasts = [past for past in looked if past is not None]
        self._start_plain()
        if pasts:
            self._weigh(pasts)
            self._learn(pasts, summary)
            self._calibrate(pasts)
        else:
            self._settle_ties(summary)
        self.why_ = reasons(self, len(pasts))
        return self

    def expected_occasions(self, summary: pl.DataFrame, days: float) -> Floats:
        """Mean number of occasions in the next ``days``; shape ``(customers,)``."""
        told = table(self.models_, summary, days) @ self.weights_
        return np.asarray(told * self._ratio(summary, told))

    def expected_amount(
        self, summary: pl.DataFrame, days: float, contribution: ContributionPerOccasion
    ) -> Floats:
        """Mean contribution in the next ``days``, money; shape ``(customers,)``."""
        per_occasion = contribution.expected(summary) * self.amount_level_
        return np.asarray(self.expected_occasions(summary, days) * per_occasion)

    def probability_active(self, summary: pl.DataFrame) -> Floats:
        """P(active) at each customer's ``age``, weighted over the models."""
        told = [model.probability_active(summary) for model in self.models_]
        return np.asarray(np.column_stack(told) @ self.weights_)

    def probability_buying(self, summary: pl.DataFrame, days: float) -> Floats:
        """Chance of at least one occasion in the next ``days``; shape ``(customers,)``.

        What the models say, weighted; a factor on the occasions is one on the log of the chance
        to stay silent, as a Poisson's would be.
        """
        told = table(self.models_, summary, days) @ self.weights_
        chances = [model.probability_buying(summary, days) for model in self.models_]
        silent = 1 - np.column_stack(chances) @ self.weights_
        return np.asarray(1 - silent ** self._ratio(summary, told))

    def silence_until(self, summary: pl.DataFrame, probability: float) -> Floats:
        """Days after the last occasion at which P(active) falls to ``probability``.

        The weighted mean of what the models say.
        """
        told = [model.silence_until(summary, probability) for model in self.models_]
        return np.asarray(np.column_stack(told) @ self.weights_)

    def sample(
        self, summary: pl.DataFrame, days: float, size: int, rng: np.random.Generator
    ) -> Counts:
        """Draws of the occasions in the next ``days``; shape ``(customers, size)``."""
        return self._draws(summary, days, size, rng).astype(np.int64)

    def interval(self, summary: pl.DataFrame, days: float) -> tuple[Floats, Floats]:
        """Ends of the interval of occasions, both inside; shapes ``(customers,)``."""
        rng = np.random.default_rng(self.seed)

        def part(rows: pl.DataFrame) -> tuple[Floats, Floats]:
            draws = self._draws(rows, days, DRAWS, rng)
            return self.tails_.ends(draws, self.expected_occasions(rows, days))

        return _in_parts(summary, part)

    def amount_interval(
        self, summary: pl.DataFrame, days: float, contribution: ContributionPerOccasion
    ) -> tuple[Floats, Floats]:
        """Ends of the interval of contribution, money, both inside; shapes ``(customers,)``."""
        rng = np.random.default_rng(self.seed)

        def part(rows: pl.DataFrame) -> tuple[Floats, Floats]:
            draws = self._draws(rows, days, DRAWS, rng)
            totals = contribution.sample_totals(rows, draws, rng) * self.amount_level_
            return self.amount_tails_.ends(totals, self.expected_occasions(rows, days))

        return _in_parts(summary, part)

    def as_data(self) -> dict[str, Any]:
        """Plain values, trees included."""
        return {
            "model": self.name,
            "models": [model.as_data() for model in self.models_],
            "weights": [float(weight) for weight in self.weights_],
            "learned": self.learned_ and self.learned_.as_data(),
            "learned_share": self.learned_share_,
            "norm": self.norm_,
            "level": self.level_,
            "amount_level": self.amount_level_,
            "tails": [
                [list(tails.edges), list(tails.shares)]
                for tails in (self.tails_, self.amount_tails_)
            ],
            "why": [sentence.as_data() for sentence in self.why_],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The estimator that `as_data` wrote down."""
        model = cls()
        model._start_plain()
        model.models_ = [restored(each) for each in data["models"]]
        model.weights_ = np.array(data["weights"], dtype=np.float64)
        if data["learned"]:
            model.learned_ = LearnedRatio.from_data(data["learned"])
        model.learned_share_, model.norm_ = data["learned_share"], data["norm"]
        model.level_, model.amount_level_ = data["level"], data["amount_level"]
        model.tails_, model.amount_tails_ = (
            Tails(tuple(edges), tuple(shares)) for edges, shares in data["tails"]
        )
        model.why_ = tuple(Sentence(each["msgid"], each["params"]) for each in data["why"])
        return model

    def _start_plain(self) -> None:
        size = len(getattr(self, "models_", ())) or 1
        self.weights_ = np.full(size, 1 / size)
        self.learned_: LearnedRatio | None = None
        self.learned_share_, self.saved_, self.norm_ = 0.0, 0.0, 1.0
        self.level_ = self.amount_level_ = 1.0

    def _weigh(self, pasts: list[Past]) -> None:
        self.weights_ = stack.weights(
            [past.window.occasions for past in pasts], [past.told for past in pasts]
        )

    def _learn(self, pasts: list[Past], summary: pl.DataFrame) -> None:
        """Trees from windows that had ended when the latest began, judged on the latest."""
        latest, days = pasts[0], timedelta(pasts[0].window.days)
        before = [past for past in pasts if past.window.as_of + days <= latest.window.as_of]
        if not before or latest.window.occasions.sum() < ENOUGH:
            return
        told = latest.told @ self.weights_
        ratio = self._trees(before).ratio(latest.window.summary, told)
        share, self.saved_ = stack.earned_share(latest.window.occasions, told, told * ratio)
        if share == 0:
            return
        self.learned_, self.learned_share_ = self._trees(pasts), share
        now = table(self.models_, summary, days.days) @ self.weights_
        self.norm_ = float(now.sum() / (now * self._ratio(summary, now)).sum())

    def _trees(self, pasts: list[Past]) -> LearnedRatio:
        return LearnedRatio(self.seed % 1000).fit(
            [past.window for past in pasts], [past.told @ self.weights_ for past in pasts]
        )

    def _calibrate(self, pasts: list[Past]) -> None:
        """Level from windows of the same season, tails from these and the latest."""
        end = self.windows[0].as_of + timedelta(self.windows[0].days)
        same = drift.alike([past.window for past in pasts], end)
        rng = np.random.default_rng(self.seed)
        judged = {n: self._judged(pasts[n], rng) for n in {0, *same}}
        told = {n: float((pasts[n].told @ self.weights_).sum()) for n in same}
        self.level_ = drift.level([pasts[n].window.occasions.sum() / told[n] for n in same])
        self.amount_level_ = drift.level([judged[n].amount_ratio for n in same])
        self.tails_, self.amount_tails_ = tails(list(judged.values()), self.level)

    def _judged(self, past: Past, rng: np.random.Generator) -> Judged:
        told = past.told @ self.weights_
        ratio = self._learned_ratio(past.window.summary, told)
        return Judged.of(past, self.weights_, ratio, DRAWS, rng)

    def _settle_ties(self, summary: pl.DataFrame) -> None:
        """Without windows: tails at which the models cover the wanted share of themselves."""
        summary = summary.gather_every(-(-summary.height // CHUNK))
        days = float(summary["age"].cast(float).mean() or 1.0)  # type: ignore[arg-type]
        rng = np.random.default_rng(self.seed)
        draws = self._draws(summary, days, DRAWS + 1, rng)
        self.tails_ = own_tails(draws, self.expected_occasions(summary, days), self.level)
        self.amount_tails_ = self.tails_

    def _ratio(self, summary: pl.DataFrame, told: Floats) -> Floats:
        """Everything that corrects ``told``, what the models expect; per customer."""
        return np.asarray(self.level_ * self.norm_ * self._learned_ratio(summary, told))

    def _learned_ratio(self, summary: pl.DataFrame, told: Floats) -> Floats:
        if self.learned_ is None:
            return np.ones(told.size)
        return np.asarray(self.learned_.ratio(summary, told) ** self.learned_share_)

    def _draws(
        self, summary: pl.DataFrame, days: float, size: int, rng: np.random.Generator
    ) -> Draws:
        told = table(self.models_, summary, days) @ self.weights_
        ratio = self._ratio(summary, told)
        return drawn(self.models_, self.weights_, summary, days, size, rng, ratio)


def _in_parts(
    summary: pl.DataFrame, ends: Callable[[pl.DataFrame], tuple[Floats, Floats]]
) -> tuple[Floats, Floats]:
    """Low and high, a chunk of customers at a time."""
    low, high = np.zeros(summary.height), np.zeros(summary.height)
    for start in range(0, summary.height, CHUNK):
        stop = min(start + CHUNK, summary.height)
        low[start:stop], high[start:stop] = ends(summary[start:stop])
    return low, high


def _candidates(summary: pl.DataFrame) -> tuple[str, ...]:
    """As many as the base carries; a rhythm can only be seen in the gaps."""
    if summary.height < SMALL:
        return CANDIDATES[:1]
    return CANDIDATES if "gap_log_mean" in summary.columns else PLAIN
