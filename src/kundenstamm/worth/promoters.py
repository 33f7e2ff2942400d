"""The net promoter score with its interval.

Reichheld, F. (2003), "The one number you need to grow", Harvard Business Review 81(12): 9 and 10
promote, 0 to 6 detract; the score is the share of the former less that of the latter. Its interval
is the adjusted Wald interval of Rocks, B. (2016), "Interval estimation for the net promoter score",
The American Statistician 70(4): three answers are added, a quarter of them promoters and a quarter
detractors, which holds what it promises also with few answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

PROMOTES, DETRACTS = 9, 6
# Fewer answers say nothing of a company; the interval would span more than half of the scale.
FEWEST = 10
ADDED = 3.0
Z95 = 1.959964


@dataclass(frozen=True)
class Score:
    """Of so many answers. ``net``, ``low``, ``high`` in points, -100 to 100; None: too few."""

    answers: int
    promoters: int
    detractors: int
    net: float | None
    low: float | None
    high: float | None

    @property
    def passives(self) -> int:
        return self.answers - self.promoters - self.detractors


def score(given: Iterable[int]) -> Score:
    """The net promoter score of answers from 0 to 10, with its interval of 95 %.

    >>> told = score([10] * 10 + [8] * 6 + [3] * 4)
    >>> told.net, round(told.low, 1), round(told.high, 1)
    (30.0, -5.7, 57.9)
    >>> score([10, 9, 3]).net is None
    True
    """
    answers = list(given)
    number = len(answers)
    promoters = sum(each >= PROMOTES for each in answers)
    detractors = sum(each <= DETRACTS for each in answers)
    if number < FEWEST:
        return Score(number, promoters, detractors, None, None, None)
    net = 100 * (promoters - detractors) / number
    low, high = interval(promoters, detractors, number)
    return Score(number, promoters, detractors, net, low, high)


def interval(promoters: int, detractors: int, number: int) -> tuple[float, float]:
    """Adjusted Wald, 95 %, in points; within the scale."""
    total = number + ADDED
    promoting, detracting = (promoters + ADDED / 4) / total, (detractors + ADDED / 4) / total
    middle = promoting - detracting
    half = Z95 * sqrt((promoting + detracting - middle**2) / total)
    return max(-100.0, 100 * (middle - half)), min(100.0, 100 * (middle + half))
