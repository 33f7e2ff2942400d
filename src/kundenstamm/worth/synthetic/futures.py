"""Futures of the invented customers, played over many times: with a call today and without.

The same two worlds as ``worth/synthetic/attachment.py`` and ``hazards.py``, a week in a step, as
machine code: to know the best call takes millions of weeks. Both futures of a pair meet the same
luck, draw by draw. ``tests/test_futures.py`` holds them against the worlds themselves.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from kundenstamm.worth.kernels.compiling import compiled
from kundenstamm.worth.models.base import Floats
from kundenstamm.worth.synthetic import attachment as a
from kundenstamm.worth.synthetic import hazards as h

WEEK = 7
_RIVAL = float(-np.expm1(-a.RIVAL_VISITS * WEEK / 365))
_DECIDES = float(-np.expm1(-WEEK / a.DECIDES))
_OFFICE = float(-np.expm1(-WEEK / a.OFFICE_DAYS))
_LOW, _HIGH = a.RIVAL_HURT
_COMPLAINT_HURT, _HABIT, _TOO_SOON, _ANNOYS, _BACK_A = (
    a.COMPLAINT_HURT, a.HABIT, a.TOO_SOON, a.ANNOYS, a.WINNABLE)  # fmt: skip
_OFFICE_H = float(-np.expm1(-WEEK / h.OFFICE_DAYS))
_CLOSES, _ANGRY, _OFFERS, _CAMPAIGN, _CAMPAIGN_DAYS = (
    h.CLOSES, h.ANGRY, h.OFFERS, h.CAMPAIGN, h.CAMPAIGN_DAYS)  # fmt: skip
_OPEN, _CROWDED, _NOT_CROWDED, _LEAST, _BACK_H = (
    h.OPEN_DAYS, h.CROWDED_DAYS, h.NOT_CROWDED, h.LEAST_SHARE, h.WINNABLE)  # fmt: skip
_ATTACHMENT = ("gap", "shape", "size", "spread", "wear", "tolerance", "noise", "threshold", "gain",
               "ceiling", "won_back", "pliable", "complains", "calls")  # fmt: skip
_HAZARDS = ("rate", "season", "peak", "size", "leaves", "tolerance", "loosens", "tempted", "splits",
            "held", "gain", "keeps", "crowded", "won_back", "complains")  # fmt: skip


def added(
    world: Any, nature: Any, state: Any, times: int, span: tuple[int, int, int], later: float
) -> Floats:
    """Contribution that a call today adds until the end, the mean of ``times`` futures.

    Parameters
    ----------
    nature, state
        Of a world, one row a customer.
    span
        Today, the day from which nobody is called, and the last day.
    later
        Chance a week of being called another time.
    """
    if world is a:
        told = np.column_stack([vars(nature)[name] for name in _ATTACHMENT]).astype(float)
        now = np.column_stack([state.attached, state.gone, state.away, state.waits, state.silence,
                               state.complaint]).astype(float)  # fmt: skip
        return np.asarray(_attached(told, now, times, *span, later, span[0] * 131 + times))
    told = np.column_stack([vars(nature)[name] for name in _HAZARDS]).astype(float)
    now = np.column_stack([state.clock, state.gone, state.away, state.here, state.share,
                           state.goodwill, state.recent, state.silence, state.offer,
                           state.complaint]).astype(float)  # fmt: skip
    campaigns = np.ascontiguousarray(nature.campaigns, dtype=float)
    return np.asarray(_hazardous(told, campaigns, now, times, *span, later, span[0] * 131 + times))


@compiled
def _talked(s: Any, n: Any, luck: float, chance: float) -> None:
    complaint = s[5] > 0
    if s[1] > 0:
        if s[2] <= _BACK_A and chance < n[10]:
            s[0], s[1], s[4] = n[7] + 0.2, 0.0, 0.0
    else:
        after = s[0] + min(n[8] * luck, 1.0) * max(n[9] - s[0], 0.0)
        if complaint:
            after += 0.05
        elif s[4] < _TOO_SOON:
            after -= _ANNOYS
        s[0], s[4] = min(max(after, 0.0), 1.0), 0.0
    s[5] = 0.0


@compiled
def _attached_week(s: Any, n: Any, u: Any, normal: float, gap: float, size: float) -> float:
    gone = s[1] > 0
    beyond = min(max(s[4] / n[5] - 0.5, 0.0), 2.5)
    hurt = WEEK * (n[4] * beyond + _COMPLAINT_HURT * s[5])
    if not gone and u[0] < _RIVAL:
        hurt += n[11] * (_LOW + (_HIGH - _LOW) * u[1]) * (1.2 - s[0])
    s[0] += normal * n[6] * np.sqrt(float(WEEK)) - hurt
    brought, bought = 0.0, False
    heart = min(max((s[0] - n[7] + 0.05) / 0.25, 0.15), 1.0)
    if not gone:
        s[3] -= WEEK * heart
        if s[3] <= 0:
            bought = True
            s[3] += max(gap * n[0], 1.0)
            brought = n[2] * np.exp(size * n[3] - n[3] ** 2 / 2) * (0.6 + 0.4 * heart)
            s[0] += _HABIT * (1 - s[0])
    s[0] = min(max(s[0], 0.0), 1.0)
    s[4] += WEEK
    if s[5] > 0:
        if u[2] < _OFFICE:
            s[5] = 0.0
    elif bought and u[3] < n[12]:
        s[5] = 1.0
    if gone:
        s[2] += WEEK
        return brought
    if u[4] < -np.expm1(-n[13] * s[0] * WEEK):
        s[4] = 0.0
    s[2] = 0.0
    if s[0] < n[7] and u[5] < _DECIDES:
        s[1] = 1.0
    return brought


@compiled
def _attached(
    told: Any, now: Any, times: int, day: int, until: int, end: int, later: float, seed: int
) -> Any:
    np.random.seed(seed)
    out, u = np.zeros(told.shape[0]), np.empty(6)
    one, two = np.empty(now.shape[1]), np.empty(now.shape[1])
    for row in range(told.shape[0]):
        n = told[row]
        for _ in range(times):
            one[:] = now[row]
            two[:] = now[row]
            for start in range(day, end, WEEK):
                if min(one[2], two[2]) > _BACK_A:
                    break
                talks = np.random.random() < later and start < until
                if talks or start == day:
                    luck, chance = max(np.random.normal(1.0, 0.3), 0.0), np.random.random()
                    _talked(one, n, luck, chance)
                    if start > day:
                        _talked(two, n, luck, chance)
                for each in range(6):
                    u[each] = np.random.random()
                normal, size = np.random.normal(0.0, 1.0), 0.0
                gap = 1.0
                if min(one[3], two[3]) <= WEEK:
                    gap = np.random.standard_gamma(n[1]) / n[1]
                    size = np.random.normal(0.0, 1.0)
                out[row] += _attached_week(one, n, u, normal, gap, size)
                out[row] -= _attached_week(two, n, u, normal, gap, size)
        out[row] /= times
    return out


@compiled
def _spoken(s: Any, n: Any, luck: float, chance: float) -> None:
    gone = s[1] > 0
    back = gone and s[2] <= _BACK_H and chance < n[13]
    if not gone or back:
        s[5] += min(n[10] * luck, 1.0) * (1 - s[5])
        s[1], s[7] = 0.0, 0.0
    s[6] += 1.0
    s[9] = 0.0


@compiled
def _hazard_week(s: Any, n: Any, u: Any, offered: bool) -> float:
    there = s[1] == 0
    held = 1 - n[9] * s[5]
    beyond = min(max(s[7] / n[5] - 1, 0.0), 2.0)
    crowded = 1 + n[12] * max(s[6] - _NOT_CROWDED, 0.0)
    lost = (n[4] * (1 + n[6] * beyond) * held * crowded + _CLOSES + _ANGRY * s[9]) / 365.0
    tempted = n[7] * held * crowded / _OPEN if s[8] < _OPEN else 0.0
    wave = np.cos(2 * np.pi * (s[0] - n[2]) / 365.0)
    rate = n[0] * s[4] * (1 + n[1] * wave) / 365.0 * WEEK
    brought = s[3] * rate * n[3] if there else 0.0
    halves = n[8] > 0 and s[4] * 0.5 >= _LEAST
    s[3] *= np.exp(-lost * WEEK) * (1 + np.expm1(-tempted * WEEK) * (0.5 if halves else 1.0))
    if s[9] > 0:
        if u[0] < _OFFICE_H:
            s[9] = 0.0
    elif u[2] < rate and u[1] < n[14]:
        s[9] = 1.0
    s[0] += WEEK
    s[5] *= np.exp(-WEEK / n[11])
    s[6] *= np.exp(-WEEK / _CROWDED)
    s[7] += WEEK
    s[8] = 0.0 if offered else s[8] + WEEK
    if not there:
        s[2] += WEEK
    return brought


@compiled
def _hazardous(
    told: Any, campaigns: Any, now: Any, times: int, day: int, until: int, end: int, later: float,
    seed: int,
) -> Any:  # fmt: skip
    np.random.seed(seed)
    out, u = np.zeros(told.shape[0]), np.empty(3)
    one, two = np.empty(now.shape[1]), np.empty(now.shape[1])
    for row in range(told.shape[0]):
        n = told[row]
        for _ in range(times):
            one[:] = now[row]
            two[:] = now[row]
            for start in range(day, end, WEEK):
                talks = np.random.random() < later and start < until
                if talks or start == day:
                    luck, chance = max(np.random.normal(1.0, 0.3), 0.0), np.random.random()
                    _spoken(one, n, luck, chance)
                    if start > day:
                        _spoken(two, n, luck, chance)
                running = False
                for begins in campaigns[row]:
                    running |= 0 <= one[0] - begins < _CAMPAIGN_DAYS
                often = _OFFERS * (_CAMPAIGN if running else 1.0) * WEEK / 365.0
                offered = np.random.random() < -np.expm1(-often)
                for each in range(3):
                    u[each] = np.random.random()
                out[row] += _hazard_week(one, n, u, offered)
                out[row] -= _hazard_week(two, n, u, offered)
        out[row] /= times
    return out
