"""How unusual a day was: against the person's own ninety days, and against colleagues.

Each count is held against what is usual, the larger of the person's own and the colleagues' level;
a ratio counts from the double on, by its logarithm to base 2, so that ten times as much is not ten
times as suspicious. A month is as unusual as its three most unusual days on average: somebody who
takes a base along in small bites has several of them. It says that reading was unusual. It says
neither why, nor that anything was taken: of insiders who took data most took what they were
authorised to see, and whoever remembers customers leaves no trace at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kundenstamm.worth.models.base import Floats
from kundenstamm.worth.sentences import Sentence, gettext_noop, one
from kundenstamm.worth.watching.counts import SIGNALS, Day

WINDOW = 90
# Days with reading below which a person's own level says nothing.
ENOUGH = 10
# What a count must at least come to beyond nil before doubling it means anything.
GROUND = {"customers": 8.0, "outside": 4.0, "in_order": 8.0, "reveals": 4.0, "taken": 2.0}
WEIGHT = {"customers": 1.0, "outside": 1.0, "in_order": 1.0, "reveals": 0.7, "taken": 1.0}
MOST = 4.0
DAYS_OF_A_MONTH = 3

_SAYS = {
    "customers": gettext_noop("{n} customers were opened on one day; usual are {usual}."),
    "outside": gettext_noop("{n} of them are not in the own portfolio; usual are {usual}."),
    "in_order": gettext_noop(
        "{n} were opened one after the other as they stand in the list; usual are {usual}."
    ),
    "reveals": gettext_noop("{n} masked fields were revealed; usual are {usual}."),
    "taken": gettext_noop("{n} pages were printed or exported; usual are {usual}."),
}
one(_SAYS["reveals"], "n", gettext_noop("One masked field was revealed; usual are {usual}."))
one(_SAYS["taken"], "n", gettext_noop("One page was printed or exported; usual are {usual}."))


@dataclass(frozen=True)
class Scored:
    """How unusual, nil for a usual day, and why; the strongest reason first."""

    score: float
    reasons: tuple[Sentence, ...]


def score(day: Day, own: Sequence[Day], peers: Sequence[Day]) -> Scored:
    """How unusual a day was.

    Parameters
    ----------
    own
        The person's days of the ninety before on which they read at all.
    peers
        Days of colleagues in the same role in the same ninety days; may be empty.
    """
    return _scored(day, _usual(own, peers))


def _scored(day: Day, usual: Floats) -> Scored:
    parts = _parts(day.as_row(), usual)
    strongest = sorted(range(len(SIGNALS)), key=lambda at: (-parts[at], at))
    reasons = tuple(
        Sentence(
            _SAYS[SIGNALS[at]],
            {"n": int(day.as_row()[at]), "usual": round(float(usual[at]), 1)},
        )
        for at in strongest
        if parts[at] > 0
    )
    return Scored(float(parts.sum()), reasons)


def month(days: Sequence[Day], own: Sequence[Day], peers: Sequence[Day]) -> Scored:
    """The mean of the three most unusual days, with the reasons of the most unusual one."""
    usual = _usual(own, peers)
    told = sorted((_scored(day, usual) for day in days), key=lambda each: -each.score)
    worst = told[:DAYS_OF_A_MONTH]
    if not worst:
        return Scored(0.0, ())
    mean = sum(each.score for each in worst) / DAYS_OF_A_MONTH
    return Scored(mean, worst[0].reasons if mean > 0 else ())


def _usual(own: Sequence[Day], peers: Sequence[Day]) -> Floats:
    """The larger of the two medians; one's own only from ten days on."""
    levels = [np.zeros(len(SIGNALS))]
    if len(own) >= ENOUGH:
        levels.append(_median(own))
    if peers:
        levels.append(_median(peers))
    found: Floats = np.max(levels, axis=0)
    return found


def _median(days: Sequence[Day]) -> Floats:
    found: Floats = np.median([each.as_row() for each in days], axis=0)
    return found


def _parts(counts: Floats, usual: Floats) -> Floats:
    ground = np.array([GROUND[name] for name in SIGNALS])
    weight = np.array([WEIGHT[name] for name in SIGNALS])
    doublings = np.log2((counts + ground) / (usual + ground)) - 1
    found: Floats = weight * np.clip(doublings, 0, MOST)
    return found
