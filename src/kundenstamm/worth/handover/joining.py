"""Which customers somebody new looks after: what a year brings less by each way, and the best one.

A customer that is looked after by somebody who fits loses nothing. One whom nobody looks after
loses what goes with a representative who leaves. One that changes loses this of the part that is
bound to whoever holds it now, less what a fitting successor saves (`fit`). Against that stands the
time that a colleague with too many customers wins for the others. So nobody is taken from whom they
are bound to, unless the time is worth more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.handover.fit import Weights
from kundenstamm.worth.models.base import Counts, Floats

Marks = npt.NDArray[np.bool_]
# A change for less is none.
LEAST = 1e-6
# Working days.
WEEK = 5
# What part of the loss a perfect successor avoids, as in departures.
AVOIDABLE = Weights().avoidable


@dataclass(frozen=True)
class Ways:
    """Money a year for each customer; shapes ``(n,)``.

    Attributes
    ----------
    stays, goes
        What it brings less if it stays where it is, and if it goes to the newcomer.
    relief
        What the time that it takes is worth to who holds it, as long as they have too many.
    holder
        Number of who holds it; −1: nobody.
    """

    stays: Floats
    goes: Floats
    relief: Floats
    holder: Counts


@dataclass(frozen=True)
class Joining:
    """Who goes to the newcomer.

    Attributes
    ----------
    taken
        Shape ``(n,)``.
    saved
        Money a year that all together bring more than if nobody went.
    """

    taken: Marks
    saved: float


def ways(
    at_risk: Floats, bound: Floats, holder: Counts, fit_held: Floats, fit_new: Floats,
    minutes: Floats, avoidable: float = AVOIDABLE,
) -> Ways:  # fmt: skip
    """What staying and going cost a year, and what the time is worth.

    Parameters
    ----------
    at_risk
        What goes within a year if nobody looks after a customer, shape ``(n,)``.
    bound
        Which part of it hangs on who holds, or held it; from nil to one.
    holder
        Number of who stays and looks after it now; −1: nobody.
    fit_held, fit_new
        How well they and the newcomer fit, from nil to one.
    minutes
        What it takes in a year, above nil. A minute of somebody is worth what goes of their
        customers without them, divided by the minutes of all.
    """
    of_stranger = (1 - bound) * at_risk * avoidable
    stays = np.where(holder >= 0, of_stranger * (1 - fit_held), at_risk)
    goes = bound * at_risk * (1 - avoidable * fit_new) + of_stranger * (1 - fit_new)
    relief = np.zeros(len(holder))
    for who in np.unique(holder[holder >= 0]):
        mine = holder == who
        relief[mine] = minutes[mine] * (at_risk - stays)[mine].sum() / minutes[mine].sum()
    return Ways(stays, goes, relief, holder)


def shares(loads: Floats, given: float) -> Floats:
    """What each colleague keeps when so much is taken from those who have most.

    Parameters
    ----------
    loads
        How many customers each looks after, shape ``(m,)``.
    given
        How many of them are to go.

    Returns
    -------
    numpy.ndarray
        Shape ``(m,)``: nobody keeps more than a common level.
    """
    if not len(loads) or given <= 0:
        return loads.astype(float)
    high = np.sort(loads.astype(float))[::-1]
    over = np.cumsum(high) - given
    levels = over / np.arange(1, len(high) + 1)
    # The level of the first so many holds once the next one lies below it.
    lower = np.append(high[1:], -np.inf)
    level = levels[int(np.argmax(levels >= lower))]
    found: Floats = np.minimum(loads, max(float(level), 0.0))
    return found


def too_many(loads: Counts, given: int) -> Counts:
    """How many customers each colleague gives to come to one level; at least so many in all.

    >>> too_many(np.array([170, 165, 20]), 20).tolist()
    [13, 8, 0]
    """
    over = loads - shares(loads.astype(float), float(given))
    found: Counts = np.ceil(over - 1e-9).astype(np.int64)
    return found


def choose(told: Ways, room: int, give: Counts) -> Joining:
    """The customers by whose going all together lose the least.

    They are taken one by one, each time the one by whom most is won. What is won is the sum of each
    one's own part and, for each colleague, of the best so many reliefs; that is M♮-concave, so no
    other choice of so many is better (Murota 2003). Nobody goes for nothing, but whom nobody looks
    after: they come last and fill the room.

    Parameters
    ----------
    room
        How many customers the newcomer can take.
    give
        How many each colleague has too many, shape ``(m,)``.
    """
    taken, held = np.zeros(len(told.holder), dtype=bool), told.holder >= 0
    relieved: list[list[float]] = [[] for _ in give]
    for _ in range(min(room, len(taken))):
        # What a further one must be better than, to relieve anybody.
        least = [
            0.0 if len(each) < most else min(each, default=np.inf)
            for each, most in zip(relieved, give, strict=True)
        ]
        relief = np.maximum(told.relief - np.array([*least, 0.0])[told.holder], 0.0)
        won = told.stays - told.goes + np.where(held, relief, 0.0)
        won[taken | held & (won <= LEAST)] = -np.inf
        best = int(np.argmax(won))
        if won[best] < 0:
            break
        taken[best] = True
        if held[best] and relief[best] > 0:
            who = told.holder[best]
            kept = sorted([*relieved[who], float(told.relief[best])], reverse=True)
            relieved[who] = kept[: give[who]]
    return Joining(taken, won_by(told, taken, give))


def won_by(told: Ways, taken: Marks, give: Counts) -> float:
    """Money a year that all together bring more by these customers' going."""
    won = float((told.stays - told.goes)[taken].sum())
    for who, most in enumerate(give):
        mine = np.sort(told.relief[taken & (told.holder == who)])[::-1]
        won += float(mine[:most].sum())
    return won


def gains_by_hand(told: Ways, taken: Marks, give: Counts, rows: Counts) -> Floats:
    """What all together have of a year of each of these customers' going, the others as chosen.

    Of one that is taken, what is lost by dropping it; of one that is not, what is won by adding it,
    below nil where the change costs more. Shape of ``rows``.
    """
    found = np.zeros(len(rows))
    for at, row in enumerate(rows):
        goes, stays = taken.copy(), taken.copy()
        goes[row], stays[row] = True, False
        found[at] = won_by(told, goes, give) - won_by(told, stays, give)
    return found


def first_contacts(customers: int, first: date, weekly: int) -> list[date]:
    """A working day for each, in the order in which they come: at most so many within five.

    Raises
    ------
    ValueError
        None a week is never.
    """
    if weekly < 1:
        raise ValueError("There must be at least one a week.")
    ahead = (WEEK * (at // weekly) + WEEK * (at % weekly) // weekly for at in range(customers))
    return [np.busday_offset(first, days, roll="forward").astype(date) for days in ahead]


def reading_weight(value: float, complaints: int, promises: int, talks: int) -> float:
    """How much it matters to read about a customer first: what it brings, by what is to be known.

    An open complaint counts as much again as the customer itself, a promise half of it, a
    conversation of the last two years a tenth; beyond two, four and ten it is only longer to read.

    >>> reading_weight(1000, 0, 0, 0), reading_weight(600, 1, 0, 2), reading_weight(0, 1, 0, 0)
    (1001.0, 1322.2, 2.0)
    """
    return (max(value, 0.0) + 1) * (
        1 + min(complaints, 2) + min(promises, 4) / 2 + min(talks, 10) / 10
    )
