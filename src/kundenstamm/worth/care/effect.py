"""What a conversation does: the share κ of a loss that it prevents, assumed and then learned.

Nobody knows κ beforehand. Field experiments say that keeping customers by calling them works less
than is thought, and may do harm: Ascarza, Iyengar & Schleicher (2016), "The perils of proactive
churn prevention using plan recommendations", Journal of Marketing Research 53 (10.0 % left of those
who were approached, 6.4 % of the others); Ascarza (2018), "Retention futility", Journal of
Marketing Research 55 (whoever is likeliest to leave is not whom it helps most to call). Of
complaints more is known: TARP (1979), "Consumer complaint handling in America", found 82 % loyal of
those whose serious complaint was solved quickly, 54 % where it was solved at all, 19 % where it
was not. So the priors below are assumptions of that order, with wide spreads; what the company
records afterwards replaces them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from kundenstamm.worth.relations.leaving import FIRST_VISIT


class Cause(StrEnum):
    """Why somebody should be spoken to today."""

    COMPLAINT = "complaint"
    LATE = "late"
    NEGLECT = "neglect"
    RIVAL = "rival"
    DETRACTOR = "detractor"
    DRIFT = "drift"
    THINNING = "thinning"
    EXPIRY = "expiry"
    COVER = "cover"


# Quickly against at all: (82 − 54) / (100 − 54) of those who would have left stay.
_TARP = 0.6
PRIORS: Mapping[Cause, float] = MappingProxyType(
    {
        Cause.COMPLAINT: _TARP,
        Cause.LATE: 0.3,
        Cause.NEGLECT: 0.3,
        Cause.RIVAL: 0.3,
        Cause.DETRACTOR: 0.3,
        Cause.DRIFT: 0.3,
        Cause.THINNING: 0.2,
        Cause.EXPIRY: 0.3,
        # What a first joint visit covers; reckoned, not seen.
        Cause.COVER: FIRST_VISIT,
    }
)
# Spread of the logarithm of 1 − κ around a prior: at κ = 0.3, from −4 % to 53 % (95 %).
SPREAD = 0.2


@dataclass(frozen=True)
class Tally:
    """Outcomes of one cause: how many were lost of those spoken to, and of similar others.

    ``lost`` and ``others_lost`` need not be whole: others are weighted to be similar.
    """

    spoken: float
    lost: float
    others: float
    others_lost: float

    def log_ratio(self) -> tuple[float, float]:
        """Logarithm of the ratio of both shares, and its variance (Katz et al. 1978).

        Half a case is added to each, so that nil is not infinitely sure.
        """
        one, two = self.lost + 0.5, self.others_lost + 0.5
        ratio = np.log(one / (self.spoken + 1)) - np.log(two / (self.others + 1))
        variance = 1 / one - 1 / (self.spoken + 1) + 1 / two - 1 / (self.others + 1)
        return float(ratio), max(float(variance), 1e-9)


@dataclass(frozen=True)
class Learned:
    """κ of one cause with an interval of 80 %, and how much of it is not the prior."""

    kappa: float
    low: float
    high: float
    weight: float


def learned(
    tallies: Mapping[Cause, Tally],
    priors: Mapping[Cause, float] = PRIORS,
    spread: float = SPREAD,
) -> dict[Cause, Learned]:
    """κ of every cause, drawn from its prior towards what was recorded (empirical Bayes).

    Parameters
    ----------
    tallies
        By cause; a cause without any keeps its prior.
    spread
        Standard deviation of ``log(1 − κ)`` around the prior that is assumed at least. Where causes
        differ from their priors by more than chance explains, it is as large as that (DerSimonian
        & Laird 1986).

    Notes
    -----
    On the scale ``log(1 − κ)``, the logarithm of a ratio of risks, prior and record are weighed by
    their precisions. A conversation that drives customers away has κ below nil.
    """
    seen = {cause: tally for cause, tally in tallies.items() if tally.spoken and tally.others}
    records = {cause: tally.log_ratio() for cause, tally in seen.items()}
    spread_2 = max(spread**2, _beyond_chance(records, priors))
    return {cause: _drawn(priors[cause], records.get(cause), spread_2) for cause in priors}


def kappas(found: Mapping[Cause, Learned]) -> dict[Cause, float]:
    """As `kundenstamm.worth.care.waiting.Assumptions` takes them: none below nil."""
    return {cause: max(each.kappa, 0.0) for cause, each in found.items()}


def _beyond_chance(
    records: Mapping[Cause, tuple[float, float]], priors: Mapping[Cause, float]
) -> float:
    """Variance of the true differences from the priors; nil with fewer than three causes."""
    if len(records) < 3:
        return 0.0
    off = np.array([ratio - np.log1p(-priors[cause]) for cause, (ratio, _) in records.items()])
    weight = 1 / np.array([variance for _, variance in records.values()])
    excess = float(weight @ off**2) - len(records)
    return max(excess / float(weight.sum()), 0.0)


def _drawn(prior: float, record: tuple[float, float] | None, spread_2: float) -> Learned:
    middle, variance, weight = float(np.log1p(-prior)), spread_2, 0.0
    if record is not None:
        weight = spread_2 / (spread_2 + record[1])
        middle += weight * (record[0] - middle)
        variance = spread_2 * (1 - weight)
    reach = 1.2816 * variance**0.5
    low, kappa, high = (float(-np.expm1(middle + step)) for step in (reach, 0.0, -reach))
    return Learned(kappa, low, high, weight)
