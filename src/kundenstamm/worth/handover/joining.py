"""Which customers somebody new looks after: what a year brings less by each way, and the best one.

A customer that is looked after by somebody who has time and fits loses nothing. One whom nobody
gets round to loses what goes with a representative who leaves. One that changes loses this of the
part that is bound to whoever holds it now, less what a fitting successor saves (`fit`). So nobody
is taken away from a colleague whom they are bound to, unless that colleague cannot look after all.
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
class Losses:
    """Money a year that each customer brings less, by who looks after it; shapes ``(n,)``.

    Attributes
    ----------
    stays
        With who holds it, who has time for it; where nobody does, as ``left``.
    goes
        To the newcomer.
    left
        Nobody gets round to it.
    """

    stays: Floats
    goes: Floats
    left: Floats


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


def losses(
    at_risk: Floats, bound: Floats, held: Marks, fit_held: Floats, fit_new: Floats,
    avoidable: float = AVOIDABLE,
) -> Losses:  # fmt: skip
    """What each way costs a year.

    Parameters
    ----------
    at_risk
        What goes within a year if nobody looks after a customer, shape ``(n,)``.
    bound
        Which part of it hangs on who holds, or held it; from nil to one.
    held
        Whether somebody who stays looks after it now.
    fit_held, fit_new
        How well they and the newcomer fit, from nil to one.
    """
    of_stranger = (1 - bound) * at_risk * avoidable
    left = at_risk.astype(float)
    stays = np.where(held, of_stranger * (1 - fit_held), left)
    goes = bound * at_risk * (1 - avoidable * fit_new) + of_stranger * (1 - fit_new)
    return Losses(stays, goes, left)


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


def choose(lost: Losses, holder: Counts, room: int, capacity: Floats) -> Joining:
    """The customers by whose going all together lose the least.

    Whoever holds customers looks after the dearest ones first; who goes makes room for the dearest
    of those whom nobody got round to. So the customers are taken one by one, each time the one by
    whom most is won: as what is left to a colleague is a matroid's best base, no other choice of so
    many is better (greedy is exact for M♮-concave functions, Murota 2003). Room that remains goes
    to those whom nobody looks after, even where nothing is won.

    Parameters
    ----------
    holder
        Column in ``capacity`` of who holds each customer; −1: nobody. Shape ``(n,)``.
    room
        How many customers the newcomer can take.
    capacity
        How many each holder can look after, shape ``(m,)``.
    """
    worth, comes, held = lost.left - lost.stays, lost.left - lost.goes, holder >= 0
    taken, kept, waiting = np.zeros(len(holder), dtype=bool), held.copy(), []
    for column, most in enumerate(capacity):
        mine = np.flatnonzero(holder == column)
        order = mine[np.argsort(-worth[mine], kind="stable")]
        left_out = order[int(most + 1e-9) :]
        kept[left_out] = False
        waiting.append([int(each) for each in left_out[::-1]])
    for _ in range(min(room, len(holder))):
        following = np.array([*(worth[w[-1]] if w else 0.0 for w in waiting), 0.0])
        won = comes - np.where(kept, worth - following[holder], 0.0)
        won[taken | held & (won <= LEAST)] = -np.inf
        best = int(np.argmax(won))
        if won[best] < 0:
            break
        taken[best] = True
        if kept[best]:
            kept[best] = False
            if waiting[holder[best]]:
                kept[waiting[holder[best]].pop()] = True
        elif held[best]:
            waiting[holder[best]].remove(best)
    none = total_loss(lost, holder, np.zeros(len(holder), dtype=bool), capacity)
    return Joining(taken, none - total_loss(lost, holder, taken, capacity))


def total_loss(lost: Losses, holder: Counts, taken: Marks, capacity: Floats) -> float:
    """Money a year, if each holder looks after those first by whom most would be lost."""
    each = np.where(taken, lost.goes, lost.stays)
    for column, most in enumerate(capacity):
        mine = np.flatnonzero((holder == column) & ~taken)
        dear = mine[np.argsort((lost.stays - lost.left)[mine], kind="stable")]
        over = dear[int(most + 1e-9) :]
        each[over] = lost.left[over]
    return float(each.sum())


def gains_by_hand(
    lost: Losses, holder: Counts, taken: Marks, capacity: Floats, rows: Counts
) -> Floats:
    """What all together have a year of each of these customers' going, the others as chosen.

    Of one that is taken, what is lost by dropping it; of one that is not, what is won by adding it,
    below nil where the change costs more. Shape of ``rows``.
    """
    found = np.zeros(len(rows))
    for at, row in enumerate(rows):
        both = []
        for goes in (False, True):
            asked = taken.copy()
            asked[row] = goes
            both.append(total_loss(lost, holder, asked, capacity))
        found[at] = both[0] - both[1]
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
