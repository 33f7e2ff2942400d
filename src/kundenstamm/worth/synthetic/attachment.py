"""Customers with a hidden attachment that wears, is hurt, and can be mended by a conversation.

A world for judging whom to call. It shares no formula with ``worth.care``: there a contact lowers
a hazard; here nobody has a hazard. Customers drift on a scale from nil (indifferent) to one
(devoted), and whoever has sunk below a threshold of its own soon leaves. All numbers are invented.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# How often a rival calls, a year; whom it may convince, and by how much.
RIVAL_VISITS, RIVAL_HURT = 0.5, (0.05, 0.30)
# What one day with an open complaint takes; after so many days the office answers, on average.
COMPLAINT_HURT, OFFICE_DAYS = 0.008, 30.0
# Once below the threshold, a customer has left after so many days, on average.
DECIDES = 25.0
# Every purchase is a little habit.
HABIT = 0.02
# Called again so soon without a reason annoys.
TOO_SOON, ANNOYS = 10.0, 0.03
# After so many days nobody who left can be won back any more.
WINNABLE = 60.0


@dataclass(frozen=True)
class Nature:
    """What each customer is like, and nobody knows; shapes ``(customers,)``.

    Attributes
    ----------
    starts
        First day; the first purchase follows soon.
    gap, shape
        Days between purchases while devoted: mean, and regularity (of a gamma).
    size, spread
        Contribution of a purchase: mean (money; negative for some), and spread of its logarithm.
    wear, tolerance
        What a day of long silence takes; the silence from which it starts to count, days.
    noise
        Daily ups and downs.
    threshold
        Below it the customer leaves.
    gain, ceiling
        Share of the way up to the ceiling that a good conversation goes. For some nearly nil.
    won_back
        Chance that a conversation brings one back who has just left.
    pliable, price_hurt
        How much rivals impress, and what a rise of prices takes.
    complains
        Chance of a complaint after a purchase.
    calls
        How often the customer calls by itself, per day, while devoted.
    """

    starts: Floats
    gap: Floats
    shape: Floats
    size: Floats
    spread: Floats
    wear: Floats
    tolerance: Floats
    noise: Floats
    threshold: Floats
    gain: Floats
    ceiling: Floats
    won_back: Floats
    pliable: Floats
    price_hurt: Floats
    complains: Floats
    calls: Floats


def natures(customers: int, history: int, rng: np.random.Generator) -> Nature:
    """Drawn customers, old and new ones; days count from the first day of the judged year."""
    n = customers

    def some(share: float) -> Flags:
        return rng.random(n) < share

    gap = np.clip(rng.lognormal(3.6, 0.6, n), 10, 200)
    size = rng.lognormal(5.0, 1.1, n) * np.where(some(0.06), -0.3, 1.0)
    return Nature(
        starts=np.where(some(0.6), -float(history), rng.uniform(-history, -30, n)),
        gap=gap,
        shape=rng.choice([1.0, 2.0, 4.0, 8.0], n, p=[0.2, 0.3, 0.3, 0.2]),
        size=size,
        spread=rng.uniform(0.1, 0.6, n),
        wear=np.where(some(0.2), 0.0, rng.lognormal(np.log(0.0006), 0.8, n)),
        tolerance=np.clip(rng.lognormal(np.log(75), 0.5, n), 10, 400),
        noise=rng.uniform(0.003, 0.009, n),
        threshold=rng.uniform(0.10, 0.35, n),
        gain=np.where(some(0.25), rng.uniform(0.0, 0.1, n), rng.uniform(0.25, 0.65, n)),
        ceiling=rng.uniform(0.75, 1.0, n),
        won_back=np.where(some(0.5), 0.0, rng.uniform(0.0, 0.25, n)),
        pliable=rng.uniform(0.0, 1.6, n),
        price_hurt=rng.uniform(0.0, 0.08, n),
        complains=rng.beta(1.0, 40.0, n),
        calls=rng.gamma(1.0, 1 / 150, n),
    )


@dataclass
class State:
    """How things stand with each customer; shapes ``(…, customers)``.

    ``waits`` is what is left of the gap to the next purchase, ``silence`` the days since the last
    conversation, ``complaint`` whether one is open, ``away`` the days since leaving.
    """

    attached: Floats
    gone: Flags
    away: Floats
    waits: Floats
    silence: Floats
    complaint: Flags

    @classmethod
    def at_first(cls, nature: Nature, rng: np.random.Generator) -> Self:
        n = nature.gap.size
        return cls(
            attached=np.clip(rng.beta(6, 3, n) * nature.ceiling, nature.threshold + 0.1, 1.0),
            gone=np.zeros(n, bool),
            away=np.zeros(n),
            waits=nature.gap * rng.uniform(0, 1, n),
            silence=rng.uniform(0, 90, n),
            complaint=np.zeros(n, bool),
        )

    def copies(self, times: int) -> State:
        """The same state so many times over."""
        return State(
            **{name: np.repeat(value[None], times, axis=0) for name, value in vars(self).items()}
        )

    def copy(self) -> State:
        return replace(self, **{name: value.copy() for name, value in vars(self).items()})


@dataclass(frozen=True)
class Happened:
    """What happened in a step; shapes as the state's."""

    bought: Flags
    brought: Floats
    called: Flags
    complained: Flags
    answered: Flags
    rival: Flags


def step(
    nature: Nature, state: State, days: float, price_rise: float, rng: np.random.Generator
) -> Happened:
    """Let ``days`` pass; ``price_rise`` is one where prices rise in them."""
    shape = state.attached.shape
    draws = rng.random((6, *shape))
    here = ~state.gone
    hurt = _worn(nature, state, days) + nature.price_hurt * price_rise
    rival = (draws[0] < -np.expm1(-RIVAL_VISITS * days / 365)) & here
    low, high = RIVAL_HURT
    hurt += rival * nature.pliable * (low + (high - low) * draws[1]) * (1.2 - state.attached)
    state.attached += rng.standard_normal(shape) * nature.noise * np.sqrt(days) - hurt
    bought, brought = _purchases(nature, state, days, rng)
    state.attached += HABIT * bought * (1 - state.attached)
    np.clip(state.attached, 0.0, 1.0, out=state.attached)
    state.silence += days
    answered = state.complaint & (draws[2] < -np.expm1(-days / OFFICE_DAYS))
    complained = bought & ~state.complaint & (draws[3] < nature.complains)
    state.complaint = (state.complaint & ~answered) | complained
    called = here & (draws[4] < -np.expm1(-nature.calls * state.attached * days))
    state.silence[called] = 0.0
    leaves = here & (state.attached < nature.threshold)
    leaves &= draws[5] < -np.expm1(-days / DECIDES)
    state.away = np.where(state.gone, state.away + days, 0.0)
    state.gone |= leaves
    return Happened(bought, brought, called, complained, answered, rival)


def expect(nature: Nature, state: State, days: float, rng: np.random.Generator) -> Floats:
    """What ``days`` bring in one future; here chance is drawn, there is nothing to reckon with."""
    return step(nature, state, days, 0.0, rng).brought


def _worn(nature: Nature, state: State, days: float) -> Floats:
    """What silence and open complaints take: silence more, the longer it lasts."""
    beyond = np.clip(state.silence / nature.tolerance - 0.5, 0.0, 2.5)
    return np.asarray(days * (nature.wear * beyond + COMPLAINT_HURT * state.complaint))


def _purchases(
    nature: Nature, state: State, days: float, rng: np.random.Generator
) -> tuple[Flags, Floats]:
    """Whoever loses heart orders more and more slowly, and a little less."""
    heart = np.clip((state.attached - nature.threshold + 0.05) / 0.25, 0.15, 1.0)
    state.waits -= days * heart * ~state.gone
    bought = (state.waits <= 0) & ~state.gone
    gaps = rng.standard_gamma(np.broadcast_to(nature.shape, bought.shape)) / nature.shape
    state.waits += np.where(bought, np.maximum(gaps * nature.gap, 1.0), 0.0)
    noise = rng.standard_normal(bought.shape) * nature.spread
    return bought, bought * nature.size * np.exp(noise - nature.spread**2 / 2) * (0.6 + 0.4 * heart)


def talk(nature: Nature, state: State, who: Any, luck: Floats, chance: Floats) -> None:
    """A competent conversation with ``who`` (an index into the last axis).

    ``luck`` is how well it goes, around one; ``chance`` decides about those who have left.
    """
    at = (..., who)
    gone, open_complaint = state.gone[at], state.complaint[at]
    back = gone & (state.away[at] <= WINNABLE) & (chance < nature.won_back[who])
    before = state.attached[at]
    room = np.maximum(nature.ceiling[who] - before, 0.0)
    after = before + np.minimum(nature.gain[who] * luck, 1.0) * room
    after += np.where(open_complaint, 0.05, 0.0)
    after -= np.where((state.silence[at] < TOO_SOON) & ~open_complaint, ANNOYS, 0.0)
    after = np.where(gone, np.where(back, nature.threshold[who] + 0.2, before), after)
    state.attached[at] = np.clip(after, 0.0, 1.0)
    state.gone[at] = gone & ~back
    state.silence[at] = np.where(state.gone[at], state.silence[at], 0.0)
    state.complaint[at] = False
