"""What a way to grow brings, and whether hands suffice for it: several pursuits taken together.

Each of them is worth what `worth.pursuit.present_value.worth_trying` says, up to a common horizon;
see ``docs/algorithms/capacity.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kundenstamm.worth.decisions.terms import Interval
from kundenstamm.worth.models.base import Floats
from kundenstamm.worth.pursuit.capacity import Overtime
from kundenstamm.worth.pursuit.load import Added, Load, Need, changed, widened
from kundenstamm.worth.pursuit.optimism import Optimism
from kundenstamm.worth.pursuit.plan import MONTHS, Plan, Pool
from kundenstamm.worth.pursuit.present_value import (
    DRAWS,
    LEVEL,
    SEED,
    draws_if_won,
    worth_trying,
)

HORIZON = 24
# Below this nobody is short of minutes.
TICK = 1e-6


@dataclass(frozen=True)
class Taken:
    """A customer that is tried to be won, or several of one kind.

    Attributes
    ----------
    chance, winning
        Of each; as `worth_trying`.
    optimism
        How uncertain the plan's turnover is.
    draw
        The same number: the same fortune, in every scenario.
    """

    plan: Plan
    chance: float
    winning: float
    number: int = 1
    optimism: Optimism | None = None
    draw: int = 0

    @property
    def need(self) -> Need:
        """On average."""
        return Need(self.plan.minutes, self.plan.first_month, self.chance * self.number)


@dataclass(frozen=True)
class Short:
    """A pool of a scenario.

    Attributes
    ----------
    months
        In which it has fewer minutes than are needed, counted from now.
    beyond
        Of these, those in which not even overtime suffices.
    fullest
        The month in which most of the capacity is needed, and ``full``: needed ÷ capacity.
    """

    pool: str
    months: tuple[int, ...]
    beyond: tuple[int, ...]
    fullest: int
    full: float


@dataclass(frozen=True)
class Outcome:
    """A scenario over the horizon, on average; money of today.

    Attributes
    ----------
    tries
        What all tries bring, winning and service taken off.
    overtime
        What minutes beyond capacity cost above the rate, whoever needs them.
    added
        What added hands cost.
    borne
        Of this, what is paid for already: work on added hands, at the rate that plans are charged.
    interval
        Of `expected`: who is won, what they buy and how long they stay is drawn.
    loads
        With all that the scenario changes, over the horizon.
    """

    tries: float
    overtime: float
    added: float
    borne: float
    interval: Interval
    pools: tuple[Short, ...]
    loads: tuple[Load, ...]

    @property
    def expected(self) -> float:
        return self.tries + self.borne - self.overtime - self.added

    @property
    def fullest(self) -> Short | None:
        return max(self.pools, key=lambda each: each.full, default=None)


def outcome(
    loads: Sequence[Load],
    taken: Sequence[Taken],
    added: Sequence[Added] = (),
    *,
    without: Sequence[Taken] = (),
    discount: float = 0.1,
    overtime: Overtime | None = None,
    horizon: int = HORIZON,
) -> Outcome:
    """What a scenario comes to.

    Parameters
    ----------
    loads
        Pools as planned, for at least ``horizon`` months.
    taken
        Everybody who is tried to be won.
    without
        Those whose needs are among what ``loads`` have planned, and who are not taken so.

    Raises
    ------
    PlanError
        A pool is not there.
    """
    more, cut = overtime or Overtime(), [_cut(load, horizon) for load in loads]
    needing = changed(cut, on=[each.need for each in taken], off=[each.need for each in without])
    wide = widened(needing, added)
    worth = (1 + discount) ** (-np.arange(horizon) / MONTHS)
    costs = sum((each.costs(horizon) for each in added), np.zeros(horizon))
    pools = [load.pool() for load in cut]
    within = [it for each in taken if (it := _within(each, horizon)) is not None]
    tries = sum(
        each.number
        * worth_trying(each.plan, pools, chance=each.chance, winning=each.winning).expected
        for each in within
    )
    over = float((_beyond_rate(wide, more) * worth).sum())
    borne, paid = float((_worked(needing, wide) * worth).sum()), float((costs * worth).sum())
    return Outcome(
        tries, over, paid, borne, _interval(within, pools, borne - over - paid),
        tuple(_short(load, more) for load in wide), wide,
    )  # fmt: skip


def _cut(load: Load, months: int) -> Load:
    names = ("capacity", "base", "won", "planned")
    return replace(load, **{name: getattr(load, name)[:months] for name in names})


def _within(taken: Taken, horizon: int) -> Taken | None:
    """Up to the horizon; who begins later is none of it."""
    months = min(horizon - taken.plan.first_month, taken.plan.months)
    return replace(taken, plan=replace(taken.plan, months=months)) if months > 0 else None


def _missing(load: Load) -> Floats:
    return np.asarray(np.maximum(-np.asarray(load.free), 0.0))


def _beyond_rate(loads: Sequence[Load], overtime: Overtime) -> Floats:
    """By month: overtime above what a minute costs anyhow."""
    return sum(
        (_missing(load) * load.rate * (overtime.multiple - 1) for load in loads), np.zeros(1)
    )


def _worked(before: Sequence[Load], after: Sequence[Load]) -> Floats:
    """By month: what is worked by added hands, at the rate."""
    both = zip(before, after, strict=True)
    return sum(((_missing(old) - _missing(new)) * old.rate for old, new in both), np.zeros(1))


def _short(load: Load, overtime: Overtime) -> Short:
    missing, there = _missing(load), np.asarray(load.capacity)
    beyond = missing > overtime.most * there + TICK
    fullest = int(np.argmax(load.full))
    return Short(
        load.name, _where(missing > TICK), _where(beyond), fullest, float(load.full[fullest])
    )


def _where(found: np.ndarray) -> tuple[int, ...]:
    return tuple(np.flatnonzero(found).tolist())


def _interval(taken: Sequence[Taken], pools: Sequence[Pool], fixed: float) -> Interval:
    """Each customer's fortune by itself; always the same draws."""
    total = np.full(DRAWS, fixed)
    for each in taken:
        spent = each.winning * float(each.plan.worth_today()[0])
        for one in range(each.number):
            rng = np.random.default_rng([SEED, each.draw, one])
            won = rng.random(DRAWS) < each.chance
            total += won * draws_if_won(each.plan, pools, each.optimism, rng) - spent
    low, high = np.quantile(total, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))
