"""From which days a history can be predicted and still be checked against what came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

# A year holds all seasons; shorter windows are for younger histories.
HORIZONS = (365, 182, 91, 30)
MOST, LEAST = 3, 2
# History before a window, as a part of its length: a first year is seldom there to the day.
BEFORE = 0.9


def last_cutoffs(first: date, last: date, days: int, before: int) -> list[date]:
    """Days to learn up to, so that the windows after them are the history's last; latest first.

    Parameters
    ----------
    first, last
        The history's first and last day.
    days
        Length of a window.
    before
        How many days of history a window must have before it, at least.
    """
    ends = [last - timedelta(days * n) for n in range(1, MOST + 1)]
    return [cutoff for cutoff in ends if (cutoff - first).days >= before]


def suited(
    first: date, last: date, horizons: Sequence[int] = HORIZONS
) -> tuple[int, list[date]] | None:
    """The longest window that fits at least twice after as much history; with its cutoffs.

    None where not even the shortest does, see `needed`.
    """
    for days in horizons:
        found = last_cutoffs(first, last, days, _before(days))
        if len(found) >= LEAST:
            return days, found
    return None


def needed(horizons: Sequence[int] = HORIZONS) -> int:
    """How many days a history must cover for `suited` to find a window."""
    return min(LEAST * days + _before(days) for days in horizons)


def _before(days: int) -> int:
    return int(BEFORE * days)
