"""What became of those we spoke to, beside similar ones we did not speak to.

Nobody drew lots whom to call, so the two differ: those who were called were later, or dearer. They
are compared within strata of equal class, stage and lateness, and strata are weighed by those
spoken to (the effect on the treated; Rosenbaum & Rubin 1984, "Reducing bias in observational
studies using subclassification", Journal of the American Statistical Association 79). What the
strata do not hold (a caller's good nose) stays in the difference, and the page has to say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.care.effect import Tally
from kundenstamm.worth.models.base import Floats
from kundenstamm.worth.sentences import Sentence, gettext_noop
from kundenstamm.worth.tables import Column

if TYPE_CHECKING:
    import polars as pl

# One row per customer and start of a window, 30 or 90 days before now: how it was then, whether
# somebody spoke to it then, and what came in the window.
OUTCOMES: Sequence[Column] = (
    Column("spoken", ("boolean",), "whether a conversation began the window"),
    Column("value_class", ("string",), "class at the start of the window"),
    Column("stage", ("string",), "stage at the start of the window"),
    Column("lateness", ("string", "integer"), "lateness_bands of then"),
    Column("ordered", ("boolean",), "whether the customer bought in the window"),
    Column("contribution", ("floating", "decimal"), "what the window brought, money"),
)
STRATA = ("value_class", "stage", "lateness")
# Silence in own mean gaps at which the next band of lateness begins.
BANDS = (0.5, 1.0, 1.5, 2.5)
FEWEST, AGAIN, SEED = 20, 2_000, 20_260_101

TOO_FEW = gettext_noop(
    "Too few to tell: {spoken} spoken to and {others} similar others, {fewest} of each are needed."
)
ORDERED = gettext_noop(
    "After {days} days {share} of those spoken to have ordered, of {others} similar others "
    "{other_share}."
)
UNLIKE = gettext_noop("For {left_out} of those spoken to there was nobody similar.")


@dataclass(frozen=True)
class Difference:
    """Spoken to less similar others, with an interval of 95 %."""

    spoken: float
    others: float
    difference: float
    low: float
    high: float


@dataclass(frozen=True)
class Outcome:
    """What was found.

    Attributes
    ----------
    spoken, others
        Customers compared; ``left_out`` were spoken to and have nobody similar.
    ordered
        Shares that bought; None where there are too few.
    contribution
        Means of what the window brought, money; None where there are too few.
    """

    spoken: int
    others: int
    left_out: int
    ordered: Difference | None
    contribution: Difference | None

    def sentences(self, days: int) -> tuple[Sentence, ...]:
        """What the page says; shares are fractions."""
        if self.ordered is None:
            counts = {"spoken": self.spoken, "others": self.others, "fewest": FEWEST}
            return (Sentence(TOO_FEW, counts),)
        shares = {"share": round(self.ordered.spoken, 4), "others": self.others,
                  "other_share": round(self.ordered.others, 4), "days": days}  # fmt: skip
        unlike = (Sentence(UNLIKE, {"left_out": self.left_out}),) if self.left_out else ()
        return (Sentence(ORDERED, shares), *unlike)


def lateness_bands(silent: npt.ArrayLike, gap_mean: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """How late each customer is, from 0 (just bought) to 4; −1 without a gap of its own (NaN)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.asarray(silent, float) / np.asarray(gap_mean, float)
    bands = np.digitize(np.nan_to_num(share, nan=0.0), BANDS)
    return np.asarray(np.where(np.isfinite(share), bands, -1), dtype=np.int64)


def compare(outcomes: pl.DataFrame, fewest: int = FEWEST) -> Outcome:
    """Compare those spoken to with similar others.

    Parameters
    ----------
    outcomes
        `OUTCOMES`, of windows of one length.
    fewest
        With fewer on one side nothing is said.
    """
    both = _matched(outcomes)
    spoken, others = int(both["n_spoken"].sum()), int(both["n_others"].sum())
    left_out = int(outcomes["spoken"].sum()) - spoken
    if min(spoken, others) < fewest:
        return Outcome(spoken, others, left_out, None, None)
    sides = _Sides.of(outcomes, both)
    return Outcome(spoken, others, left_out, sides.shares(), sides.means())


def tally(outcomes: pl.DataFrame) -> Tally:
    """Those who did not order, for `kundenstamm.worth.care.effect.learned`.

    The others count as many as they are worth after weighting (Kish 1965), so that a κ learned
    from them is not surer than it may be.
    """
    found = compare(outcomes, fewest=1)
    if found.ordered is None:
        return Tally(0, 0, 0, 0)
    others = _Sides.of(outcomes, _matched(outcomes)).effective
    return Tally(
        found.spoken,
        found.spoken * (1 - found.ordered.spoken),
        others,
        others * (1 - found.ordered.others),
    )


@dataclass(frozen=True)
class _Sides:
    """Per stratum: indices of rows of either side, and the stratum's weight."""

    weight: Floats
    bought: tuple[tuple[Floats, Floats], ...]
    brought: tuple[tuple[Floats, Floats], ...]

    @classmethod
    def of(cls, outcomes: pl.DataFrame, strata: pl.DataFrame) -> _Sides:
        import polars as pl

        kept = outcomes.join(strata, on=list(STRATA), nulls_equal=True)
        parts = kept.partition_by(*STRATA, maintain_order=False)
        parts.sort(key=lambda part: str(part.select(STRATA).row(0)))

        def split(part: pl.DataFrame, name: str) -> tuple[Floats, Floats]:
            called = part["spoken"].to_numpy()
            values = part[name].cast(pl.Float64).to_numpy()
            return np.sort(values[called]), np.sort(values[~called])

        counts = np.array([part["spoken"].sum() for part in parts], dtype=np.float64)
        return cls(
            counts / counts.sum(),
            tuple(split(part, "ordered") for part in parts),
            tuple(split(part, "contribution") for part in parts),
        )

    @property
    def effective(self) -> float:
        """How many equally weighted others would tell as much."""
        sizes = np.array([others.size for _, others in self.bought])
        return float(1 / (self.weight**2 / sizes).sum())

    def shares(self) -> Difference:
        """Newcombe's interval of the difference (1998, Statistics in Medicine 17, method 10)."""
        one, two = self._weighed(self.bought)
        called = sum(spoken.size for spoken, _ in self.bought)
        low_1, high_1 = _wilson(one, called)
        low_2, high_2 = _wilson(two, self.effective)
        down = np.hypot(one - low_1, high_2 - two)
        up = np.hypot(high_1 - one, two - low_2)
        return Difference(one, two, one - two, float(one - two - down), float(one - two + up))

    def means(self) -> Difference:
        """Bootstrap within strata (Efron 1979): the middle 95 % of the differences drawn again."""
        one, two = self._weighed(self.brought)
        rng = np.random.default_rng(SEED)
        drawn = np.zeros(AGAIN)
        for weight, (spoken, others) in zip(self.weight, self.brought, strict=True):
            drawn += weight * (_again(spoken, rng) - _again(others, rng))
        low, high = np.quantile(drawn, [0.025, 0.975])
        return Difference(one, two, one - two, float(low), float(high))

    def _weighed(self, sides: tuple[tuple[Floats, Floats], ...]) -> tuple[float, float]:
        means = np.array([(spoken.mean(), others.mean()) for spoken, others in sides])
        one, two = self.weight @ means
        return float(one), float(two)


def _matched(outcomes: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    counted = outcomes.group_by(*STRATA).agg(
        n_spoken=pl.col("spoken").sum(), n_others=(~pl.col("spoken")).sum()
    )
    return counted.filter(pl.col("n_spoken") > 0, pl.col("n_others") > 0)


def _again(values: Floats, rng: np.random.Generator) -> Floats:
    """Means of as many values drawn with replacement, in parts that fit into memory."""
    part = max(1, 1_000_000 // values.size)
    sizes = [min(part, AGAIN - start) for start in range(0, AGAIN, part)]
    means = [
        values[rng.integers(0, values.size, (size, values.size))].mean(axis=1) for size in sizes
    ]
    return np.concatenate(means)


def _wilson(share: float, count: float, z: float = 1.959964) -> tuple[float, float]:
    """Wilson's interval (1927) of a share among ``count``, which need not be whole."""
    middle = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    reach = z / (1 + z**2 / count) * (share * (1 - share) / count + z**2 / (4 * count**2)) ** 0.5
    return middle - reach, middle + reach
