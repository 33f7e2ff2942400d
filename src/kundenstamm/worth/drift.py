"""The level of the whole base: how far the models were off in earlier windows.

A base grows, shrinks and has seasons; models of single customers know none of it. The ratio of
actual to predicted sums in earlier windows tells, but only those of the same season are like the
coming days: of two windows half a year apart one may have come 40 % too low and the other right.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from kundenstamm.worth.models.base import Floats
from kundenstamm.worth.purchases import YEAR, Window

# How far from the same day a year ago a window may begin, days.
NEAR = 20
# Levels of one season vary by about so much from year to year (of the logarithm).
USUAL = 0.1
# Without any window the level may be off by so much; never by more than the last.
UNKNOWN, MOST = 0.2, 0.4
# From this length on a window holds all seasons.
WHOLE_YEAR = 330


def alike(windows: Sequence[Window], as_of: date) -> list[int]:
    """Places of the windows of the same season, or of those that hold all seasons."""
    if not windows:
        return []
    if windows[0].days >= WHOLE_YEAR:
        return list(range(min(len(windows), 2)))
    back = [(as_of - window.as_of).days for window in windows]
    return [
        n
        for n, days in enumerate(back)
        if days > YEAR / 2 and min(days % YEAR, -days % YEAR) <= NEAR
    ]


def level(ratios: Sequence[float]) -> float:
    """The factor for the coming days from actual ÷ predicted of windows that are alike.

    The middle logarithm, shrunk towards 0 by what one year differs from the next by chance: 5 %
    hardly count, 40 % nearly whole. 1 without any ratio.
    """
    logs = _logs(ratios)
    if logs.size == 0:
        return 1.0
    # The middle one: of an early year, with few customers, a ratio may be anything.
    middle = float(np.median(logs))
    return float(np.clip(np.exp(middle * middle**2 / (middle**2 + USUAL**2)), 0.4, 2.5))


def spread(alike: Sequence[float], others: Sequence[float]) -> float:
    """How uncertain the level is: standard deviation of its logarithm.

    Parameters
    ----------
    alike
        Actual ÷ predicted of windows of the same season; where there are any, their level is
        known up to what one year differs from the next.
    others
        Of all windows. Their mean square tells how far the level may be off where no window is
        alike.
    """
    if len(alike):
        return USUAL
    logs = _logs(others)
    return float(np.clip(np.sqrt((logs**2).mean()), USUAL, MOST)) if logs.size else UNKNOWN


def amount_spread(ratios: Sequence[float]) -> float:
    """How uncertain the level of contribution per occasion is, as `spread` of the occasions'.

    Parameters
    ----------
    ratios
        Actual ÷ predicted contribution of windows, their occasions being at the right level.
        Prices move less than numbers of purchases, but what the largest customers take moves them.
    """
    logs = _logs(ratios)
    return float(np.clip(np.sqrt((logs**2).mean()), USUAL, MOST)) if logs.size else USUAL


def _logs(ratios: Sequence[float]) -> Floats:
    return np.log([ratio for ratio in ratios if np.isfinite(ratio) and ratio > 0])
