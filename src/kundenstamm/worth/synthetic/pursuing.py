"""Companies whose prospects' truth is known: for judging verdicts about pursuits.

A year of prospects of a few trades. A prospect's sheet promises what the sales people hope for; the
truth is drawn beside it and not from it: turnover by the trade, promises with an optimism of the
company's own, work, chances and staying known only roughly. The formula that is judged
(`kundenstamm.worth.pursuit`) has no part in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kundenstamm.worth.pursuit.plan import Plan, Pool

MONTHS = 24
ARRIVING = 12
PROSPECTS = 60
PAST = 10
POOLS = ("sales", "service", "delivery")
RATES = (0.9, 0.7, 0.6)


@dataclass(frozen=True)
class Truth:
    """What a prospect really is; minutes a month by pool, shape ``(pools,)``."""

    wins: bool
    turnover: float
    goods: float
    minutes: np.ndarray
    leaves_after: int
    ramp: int

    def months(self, rebate: float) -> np.ndarray:
        """Contribution before service by month since the first delivery; shape ``(MONTHS,)``."""
        at = np.arange(MONTHS)
        bought = self.turnover / 12 * np.minimum((at + 1) / self.ramp, 1)
        return np.where(at < self.leaves_after, bought * (1 - rebate - self.goods), 0.0)


@dataclass(frozen=True)
class Prospect:
    """A sheet and the truth; ``comparable`` are turnovers of customers of its trade."""

    arrives: int
    plan: Plan
    chance: float
    winning: float
    comparable: tuple[float, ...]
    truth: Truth


@dataclass(frozen=True)
class PursuingCompany:
    """A company before its year of prospects.

    Attributes
    ----------
    pools
        With the minutes that the existing base leaves free, by month.
    prospects
        In the order in which they arrive.
    past
        Real ÷ promised turnover of pursuits that were won earlier.
    """

    pools: tuple[Pool, ...]
    prospects: tuple[Prospect, ...]
    past: tuple[float, ...]


def pursuing_company(seed: int) -> PursuingCompany:
    """One invented company; the same for the same seed."""
    rng = np.random.default_rng([seed, 47])
    optimism, noise = rng.uniform(0.0, 0.7), rng.uniform(0.2, 0.6)
    trades = [_trade(rng) for _ in range(4)]
    prospects = tuple(
        _prospect(rng, trades[rng.integers(4)], optimism, noise, arrives)
        for arrives in np.sort(rng.integers(0, ARRIVING, PROSPECTS))
    )
    past = np.exp(-optimism + noise * rng.standard_normal(PAST))
    return PursuingCompany(_pools(rng), prospects, tuple(past.tolist()))


@dataclass(frozen=True)
class _Trade:
    turnover: float
    spread: float
    goods: float
    work: np.ndarray
    staying: float
    chance: float


def _trade(rng: np.random.Generator) -> _Trade:
    return _Trade(
        turnover=float(np.exp(rng.normal(10.3, 0.6))),
        spread=rng.uniform(0.4, 0.9),
        goods=rng.uniform(0.5, 0.8),
        # Minutes a month: some for each customer, and some for each thousand of turnover a year.
        work=rng.gamma(2.0, 1.0, (2, len(POOLS))) * np.array([[30.0], [1.5]]),
        staying=rng.uniform(0.6, 0.95),
        chance=rng.uniform(0.15, 0.6),
    )


def _prospect(
    rng: np.random.Generator, trade: _Trade, optimism: float, noise: float, arrives: int
) -> Prospect:
    turnover = trade.turnover * np.exp(trade.spread * rng.standard_normal())
    chance = _about(rng, trade.chance, 0.5)
    staying = _about(rng, trade.staying, 0.4)
    goods = trade.goods + rng.normal(0, 0.04)
    minutes = trade.work[0] + trade.work[1] * turnover / 1_000
    truth = Truth(
        wins=bool(rng.random() < chance),
        turnover=float(turnover),
        goods=float(goods),
        minutes=minutes * np.exp(rng.normal(0, 0.25, len(POOLS))),
        leaves_after=int(np.log(rng.random()) / np.log(staying) * 12) + 1,
        ramp=int(rng.integers(1, 7)),
    )
    promised = float(turnover * np.exp(optimism + noise * rng.standard_normal()))
    planned = trade.work[0] + trade.work[1] * promised / 1_000
    plan = Plan(
        turnover=promised,
        goods=float(np.clip(goods + rng.normal(0, 0.02), 0, 1)),
        rebate=float(rng.choice([0.0, 0.03, 0.05, 0.1, 0.15])),
        minutes=dict(zip(POOLS, planned.tolist(), strict=True)),
        ramp=truth.ramp,
        staying=_about(rng, staying, 0.3),
        first_month=0,
    )
    base = np.exp(np.log(trade.turnover) + trade.spread * rng.standard_normal(rng.integers(0, 9)))
    return Prospect(
        int(arrives), plan, _about(rng, chance, 0.4), float(rng.gamma(2.0, 600.0)),
        tuple(base.tolist()), truth,
    )  # fmt: skip


def _about(rng: np.random.Generator, share: float, spread: float) -> float:
    """A share near this one, on the scale of log odds."""
    odds = np.log(share / (1 - share)) + spread * rng.standard_normal()
    return float(1 / (1 + np.exp(-odds)))


def _pools(rng: np.random.Generator) -> tuple[Pool, ...]:
    """Two seasons a year, and room for a part of the prospects."""
    found = []
    for name, rate in zip(POOLS, RATES, strict=True):
        capacity = rng.uniform(12_000, 24_000)
        season = 1 + rng.uniform(0.0, 0.15) * np.sin(
            2 * np.pi * (np.arange(60) / 12 + rng.random())
        )
        need = capacity * rng.uniform(0.75, 0.95) * season
        found.append(Pool(name, rate, tuple((capacity - need).tolist()), float(capacity)))
    return tuple(found)
