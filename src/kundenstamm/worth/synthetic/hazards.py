"""Customers who leave by chance: silence loosens, rivals' offers tempt, calls hold or annoy.

A second world for judging whom to call, with another mechanism than ``attachment`` and none of the
weights of ``worth.care``. Its parts are taken from the literature, its numbers are invented; they
were fixed before any way of calling was played in it.

- Leaving is a hazard of its own for each customer, so that the past says little (Schmittlein,
  Morrison & Colombo 1987, "Counting your customers"). A part of it nobody can prevent.
- Silence counts against a tolerance that nobody knows (Dwyer, Schurr & Oh 1987, "Developing
  buyer-seller relationships": relationships dissolve unattended).
- What a contact does is a stock that saturates and decays (Nerlove & Arrow 1962, "Optimal
  advertising policy under dynamic conditions"), and too much of it irritates (Venkatesan & Kumar
  2004, "A customer lifetime value framework"; van Diepen, Donkers & Franses 2009, "Does irritation
  induced by charitable direct mailings reduce donations?").
- Some are driven away by being spoken to at all (Ascarza, Iyengar & Schleicher 2016).
- Rivals come as events, singly and in campaigns for a whole trade. Who gives in gives half of its
  purchases first, often (partial defection: Buckinx & Van den Poel 2005, "Customer base analysis").
- Purchases follow seasons; their worth has a heavy tail.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from kundenstamm.worth.synthetic.attachment import Flags, Floats, Happened

YEAR = 365.0
# Business closures and the like, a year: no conversation helps.
CLOSES = 0.03
# Offers a year beside campaigns, and how many times as often while one runs; days.
OFFERS, CAMPAIGN, CAMPAIGN_DAYS, TRADES = 0.6, 8.0, 21.0, 6
# An offer lies on the table so long, days.
OPEN_DAYS = 30.0
# Hazard a year that an open complaint adds; after so many days the office answers, on average.
ANGRY, OFFICE_DAYS = 1.2, 25.0
# Calls are remembered so long as too many, days; so many are not yet.
CROWDED_DAYS, NOT_CROWDED = 45.0, 1.5
# A conversation that the customer began does so much of what a call of ours does.
OWN_CALL = 0.3
# After so many days nobody who left can be won back any more.
WINNABLE = 90.0
# Below this share of its purchases it buys nothing any more.
LEAST_SHARE = 0.3


@dataclass(frozen=True)
class Nature:
    """What each customer is like; shapes ``(customers,)``, ``campaigns`` ``(customers, times)``.

    Attributes
    ----------
    starts
        First day.
    rate, season, peak
        Purchases a year; how strongly they follow the season, nil to one; the day of its peak.
    size, spread
        Contribution of a purchase, its mean; spread of its logarithm.
    leaves
        Hazard of leaving, a year, while spoken to.
    tolerance, loosens
        Days of silence it bears; how many times ``leaves`` each further one adds, two at most.
    tempted, splits
        Chance to give in to an offer; whether it gives half of its purchases first.
    held
        Share of both hazards that full goodwill takes away; below nil for those whom calls annoy.
    gain, keeps
        Share of the way to full goodwill that a call goes; days in which two thirds of it decay.
    crowded
        Excess of the hazard for each call too many.
    won_back, complains, calls
        Chance that a call brings back one who has left; of a complaint after a purchase; own calls
        a day.
    campaigns
        First days of the campaigns for its trade.
    """

    starts: Floats
    rate: Floats
    season: Floats
    peak: Floats
    size: Floats
    spread: Floats
    leaves: Floats
    tolerance: Floats
    loosens: Floats
    tempted: Floats
    splits: Flags
    held: Floats
    gain: Floats
    keeps: Floats
    crowded: Floats
    won_back: Floats
    complains: Floats
    calls: Floats
    campaigns: Floats


def natures(customers: int, history: int, rng: np.random.Generator) -> Nature:
    """Drawn customers, old and new ones; days count from the first day of the judged year."""
    n = customers
    kind, season = rng.random(n), rng.random(n)
    held = np.select(
        [kind < 0.60, kind < 0.85], [rng.uniform(0.3, 0.8, n), rng.uniform(0.0, 0.1, n)],
        -rng.uniform(0.2, 0.6, n),
    )  # fmt: skip
    trade = rng.integers(0, TRADES, n)
    campaigns = rng.uniform(-history, history, (TRADES, 6))
    return Nature(
        starts=np.where(rng.random(n) < 0.6, -float(history), rng.uniform(-history, -30, n)),
        rate=np.clip(rng.lognormal(np.log(8), 0.8, n), 1.0, 60.0),
        season=np.select([season < 0.3, season < 0.75], [0.0, 0.4], 0.95),
        peak=np.where(rng.random(n) < 0.5, 120.0, 320.0) + rng.normal(0, 20, n),
        size=np.minimum(60.0 * (1 + rng.pareto(1.3, n)), 8_000.0)
        * np.where(rng.random(n) < 0.05, -0.3, 1.0),
        spread=rng.uniform(0.4, 1.0, n),
        leaves=np.clip(rng.lognormal(np.log(0.08), 0.7, n), 0.0, 0.6),
        tolerance=np.clip(rng.lognormal(np.log(70), 0.6, n), 14, 400),
        loosens=rng.gamma(1.5, 1.3, n),
        tempted=rng.beta(1.2, 6.0, n),
        splits=rng.random(n) < 0.5,
        held=held,
        gain=rng.uniform(0.5, 0.9, n),
        keeps=rng.lognormal(np.log(90), 0.4, n),
        crowded=rng.gamma(1.0, 0.4, n),
        won_back=np.where(rng.random(n) < 0.5, 0.0, rng.uniform(0.0, 0.2, n)),
        complains=rng.beta(1.0, 40.0, n),
        calls=rng.gamma(1.0, 1 / 200, n),
        campaigns=campaigns[trade],
    )


@dataclass
class State:
    """How things stand; shapes ``(…, customers)``. ``clock`` is the day, ``offer`` the days since
    one was made, ``here`` the chance to be still there (one in a future that is lived, less in one
    that is only reckoned), ``share`` what of its purchases is made with us."""

    clock: Floats
    gone: Flags
    away: Floats
    here: Floats
    share: Floats
    goodwill: Floats
    recent: Floats
    silence: Floats
    offer: Floats
    complaint: Flags

    @classmethod
    def at_first(cls, nature: Nature, rng: np.random.Generator) -> Self:
        n = nature.rate.size
        nil = np.zeros(n)
        return cls(
            clock=np.ceil(nature.starts), gone=np.zeros(n, bool), away=nil.copy(), here=nil + 1,
            share=nil + 1, goodwill=rng.uniform(0, 0.5, n), recent=nil.copy(),
            silence=rng.uniform(0, 90, n), offer=nil + 1e3, complaint=np.zeros(n, bool),
        )  # fmt: skip

    def copies(self, times: int) -> State:
        """The same state so many times over."""
        return State(
            **{name: np.repeat(value[None], times, axis=0) for name, value in vars(self).items()}
        )

    def copy(self) -> State:
        return replace(self, **{name: value.copy() for name, value in vars(self).items()})


def step(
    nature: Nature, state: State, days: float, _price_rise: float, rng: np.random.Generator
) -> Happened:
    """Let ``days`` pass; prices play no part here."""
    draws = rng.random((6, *state.share.shape))
    lost, tempted = hazards(nature, state)
    there = ~state.gone
    gives_in = there & (draws[0] < -np.expm1(-tempted * days))
    halves = gives_in & nature.splits & (state.share * 0.5 >= LEAST_SHARE)
    state.share = np.where(halves, state.share * 0.5, state.share)
    state.offer = np.where(gives_in, 1e3, state.offer)
    leaves = there & ((draws[1] < -np.expm1(-lost * days)) | (gives_in & ~halves))
    buys = there & (draws[2] < -np.expm1(-_rate(nature, state) * days))
    noise = rng.standard_normal(buys.shape) * nature.spread
    brought = buys * nature.size * np.exp(noise - nature.spread**2 / 2)
    complained, answered, offered = _events(nature, state, days, buys, draws[3:])
    called = there & (rng.random(buys.shape) < -np.expm1(-nature.calls * days))
    _pass(nature, state, days, offered & there, called)
    state.away = np.where(state.gone, state.away + days, 0.0)
    state.gone |= leaves
    return Happened(buys, brought, called, complained & there, answered, offered & there)


def expect(nature: Nature, state: State, days: float, rng: np.random.Generator) -> Floats:
    """What ``days`` bring on average; leaving and buying are reckoned with, not drawn."""
    draws = rng.random((4, *state.share.shape))
    lost, tempted = hazards(nature, state)
    rate = _rate(nature, state) * days
    brought = ~state.gone * state.here * rate * nature.size
    gives_in = -np.expm1(-tempted * days)
    halves = nature.splits & (state.share * 0.5 >= LEAST_SHARE)
    # Half of the purchases with a chance is so much less of them on average.
    state.here = state.here * np.exp(-lost * days) * (1 - gives_in * np.where(halves, 0.5, 1.0))
    _complained, _answered, offered = _events(nature, state, days, draws[3] < rate, draws[:3])
    _pass(nature, state, days, offered, np.zeros_like(offered))
    state.away = state.away + days * state.gone
    return np.asarray(brought)


def talk(nature: Nature, state: State, who: Any, luck: Floats, chance: Floats) -> None:
    """A competent conversation with ``who`` (an index into the last axis)."""
    at = (..., who)
    gone = state.gone[at]
    back = gone & (state.away[at] <= WINNABLE) & (chance < nature.won_back[who])
    gain = np.minimum(nature.gain[who] * luck, 1.0)
    after = state.goodwill[at] + gain * (1 - state.goodwill[at])
    state.goodwill[at] = np.where(gone & ~back, state.goodwill[at], after)
    state.recent[at] += 1.0
    state.gone[at] = gone & ~back
    state.silence[at] = np.where(state.gone[at], state.silence[at], 0.0)
    state.complaint[at] = False


def hazards(nature: Nature, state: State) -> tuple[Floats, Floats]:
    """Of leaving, and of giving in to an offer; a day."""
    held = 1 - nature.held * state.goodwill
    beyond = np.clip(state.silence / nature.tolerance - 1, 0.0, 2.0)
    crowded = 1 + nature.crowded * np.clip(state.recent - NOT_CROWDED, 0.0, None)
    own = nature.leaves * (1 + nature.loosens * beyond) * held * crowded
    lost = (own + CLOSES + ANGRY * state.complaint) / YEAR
    return lost, (state.offer < OPEN_DAYS) * nature.tempted * held * crowded / OPEN_DAYS


def _rate(nature: Nature, state: State) -> Floats:
    """Purchases a day."""
    wave = np.cos(2 * np.pi * (state.clock - nature.peak) / YEAR)
    return np.asarray(nature.rate * state.share * (1 + nature.season * wave) / YEAR)


def _events(
    nature: Nature, state: State, days: float, buys: Flags, draws: Floats
) -> tuple[Flags, Flags, Flags]:
    """Complaints made and answered, and offers of rivals."""
    answered = state.complaint & (draws[0] < -np.expm1(-days / OFFICE_DAYS))
    complained = buys & ~state.complaint & (draws[1] < nature.complains)
    state.complaint = (state.complaint & ~answered) | complained
    since = state.clock[..., None] - nature.campaigns
    running = ((since >= 0) & (since < CAMPAIGN_DAYS)).any(axis=-1)
    often = OFFERS * np.where(running, CAMPAIGN, 1.0) * days / YEAR
    return complained, answered, draws[2] < -np.expm1(-often)


def _pass(nature: Nature, state: State, days: float, offered: Flags, called: Flags) -> None:
    state.clock = state.clock + days
    state.goodwill = state.goodwill * np.exp(-days / nature.keeps)
    state.goodwill += called * OWN_CALL * nature.gain * (1 - state.goodwill)
    state.recent = state.recent * np.exp(-days / CROWDED_DAYS)
    state.silence = np.where(called, 0.0, state.silence + days)
    state.offer = np.where(offered, 0.0, state.offer + days)
