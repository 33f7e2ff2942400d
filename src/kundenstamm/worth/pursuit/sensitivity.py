"""Which figure moves the expectation most, and at which value the verdict turns (one at a time)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kundenstamm.worth.pursuit.capacity import Overtime
from kundenstamm.worth.pursuit.optimism import Optimism
from kundenstamm.worth.pursuit.plan import Plan, Pool
from kundenstamm.worth.pursuit.present_value import STAYING_SPREAD
from kundenstamm.worth.pursuit.verdict import Judged, Verdict, verdict

# Ends of the middle 80 % of a normal.
TENTH = 1.2815515655446004
HALVINGS = 14
# A chance is known to so much, odds by odds; work and winning by these factors; goods by points.
CHANCE_SPREAD = 0.5
WORK, WINNING, GOODS = (0.8, 1.5), (0.8, 2.0), 0.05


@dataclass(frozen=True)
class Outlook:
    """Everything a verdict is made of."""

    plan: Plan
    pools: Sequence[Pool]
    chance: float
    winning: float
    overtime: Overtime | None = None

    def judged(self) -> Judged:
        return verdict(
            self.plan, self.pools, chance=self.chance, winning=self.winning, overtime=self.overtime
        )


@dataclass(frozen=True)
class End:
    """A figure at one end of its range: what is then expected, and the verdict."""

    value: float
    expected: float
    verdict: Verdict


@dataclass(frozen=True)
class Swing:
    """One figure, all others as they are.

    Attributes
    ----------
    figure
        One of ``turnover``, ``goods``, ``rebate``, ``minutes`` (a factor), ``staying``,
        ``chance``, ``winning``.
    turns_at
        The value nearest to the plan's at which the verdict is another; None: not in its range.
    """

    figure: str
    now: float
    at_low: End
    at_high: End
    turns_at: float | None

    @property
    def width(self) -> float:
        return abs(self.at_high.expected - self.at_low.expected)


Setter = Callable[[Outlook, float], Outlook]
SETTERS: Mapping[str, Setter] = {
    "turnover": lambda it, to: replace(it, plan=replace(it.plan, turnover=to)),
    "goods": lambda it, to: replace(it, plan=replace(it.plan, goods=to)),
    "rebate": lambda it, to: replace(it, plan=replace(it.plan, rebate=to)),
    "minutes": lambda it, to: replace(it, plan=_worked(it.plan, to)),
    "staying": lambda it, to: replace(it, plan=replace(it.plan, staying=to)),
    "chance": lambda it, to: replace(it, chance=to),
    "winning": lambda it, to: replace(it, winning=to),
}


def sensitivity(outlook: Outlook, optimism: Optimism | None = None) -> tuple[Swing, ...]:
    """Every figure at the ends of what is likely, the one that moves most first."""
    known, told = optimism or Optimism.of(()), outlook.judged().verdict
    swings = []
    for figure, (now, low, high) in _ranges(outlook, known).items():
        ends = _end(outlook, figure, low), _end(outlook, figure, high)
        turns = [_turning(outlook, figure, now, end, told) for end in ends]
        found = [value for value in turns if value is not None]
        nearest = min(found, key=lambda value: abs(value - now)) if found else None
        swings.append(Swing(figure, now, *ends, nearest))
    return tuple(sorted(swings, key=lambda swing: -swing.width))


def _ranges(it: Outlook, optimism: Optimism) -> dict[str, tuple[float, float, float]]:
    """Plan's value, low and high of each figure."""
    plan, wide = it.plan, float(np.exp(TENTH * optimism.spread))
    return {
        "turnover": (plan.turnover, plan.turnover / wide, plan.turnover * wide),
        "goods": (plan.goods, max(plan.goods - GOODS, 0.0), plan.goods + GOODS),
        "rebate": (plan.rebate, 0.0, min(2 * plan.rebate, 1.0)),
        "minutes": (1.0, *WORK),
        "staying": (plan.staying, *_by_odds(plan.staying, STAYING_SPREAD)),
        "chance": (it.chance, *_by_odds(it.chance, CHANCE_SPREAD)),
        "winning": (it.winning, it.winning * WINNING[0], it.winning * WINNING[1]),
    }


def _by_odds(share: float, spread: float) -> tuple[float, float]:
    if share in (0.0, 1.0):
        return share, share
    odds, off = np.log(share / (1 - share)), TENTH * spread
    return float(1 / (1 + np.exp(off - odds))), float(1 / (1 + np.exp(-off - odds)))


def _worked(plan: Plan, factor: float) -> Plan:
    return replace(plan, minutes={name: each * factor for name, each in plan.minutes.items()})


def _end(outlook: Outlook, figure: str, value: float) -> End:
    judged = SETTERS[figure](outlook, value).judged()
    return End(value, judged.best.expected, judged.verdict)


def _turning(outlook: Outlook, figure: str, now: float, end: End, told: Verdict) -> float | None:
    """By halving between the plan's value, where the verdict holds, and an end with another."""
    if end.verdict == told:
        return None
    same, other = now, end.value
    for _ in range(HALVINGS):
        middle = (same + other) / 2
        if _end(outlook, figure, middle).verdict == told:
            same = middle
        else:
            other = middle
    return other
