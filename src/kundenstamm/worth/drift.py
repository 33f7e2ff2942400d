"""The level of the whole base: how far the models were off in earlier windows.

A base grows, shrinks and has seasons; models of single customers know none of it. The ratio of
actual to predicted sums in earlier windows tells, but only those of the same season are like the
coming days: of two windows half a year apart one may have come 40 % too low and the other right.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from kundenstamm.worth.purchases import YEAR, Window

# How far from the same day a year ago a window may begin, days.
NEAR = 20
# Levels of one season vary by about so much from year to year (of the logarithm).
USUAL = 0.1
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

    The mean logarithm, shrunk towards 0 by what such a mean varies by chance: 5 % hardly count,
    40 % nearly whole. 1 without any ratio.
    """
    known = np.array([ratio for ratio in ratios if np.isfinite(ratio) and ratio > 0])
    if known.size == 0:
        return 1.0
    mean = float(np.log(known).mean())
    noise = USUAL**2 / known.size
    return float(np.clip(np.exp(mean * mean**2 / (mean**2 + noise)), 0.4, 2.5))
