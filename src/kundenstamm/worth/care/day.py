"""Which actions fit into the day and save most.

Every action costs minutes and saves what waiting a week would cost. Among those of which each
customer gets one at most, those are taken that save most within the day's minutes: exactly, as a
multiple-choice knapsack (Sinha & Zoltners 1979, "The multiple-choice knapsack problem", Operations
Research 27), while customers × minutes are few enough; else by cost of waiting per minute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.models.base import Counts, Floats

if TYPE_CHECKING:
    import polars as pl

# Cells of the table that is filled; above it the ratio decides. Each takes a byte or two.
LARGEST = 4_000_000
Places = npt.NDArray[np.intp]


def chosen(actions: pl.DataFrame, minutes: int) -> pl.DataFrame:
    """The day's actions, most worth a minute first.

    Parameters
    ----------
    actions
        ``customer_id``, ``cost_of_waiting`` (money a week), ``minutes`` (whole, above nil); a
        customer may stand there with several. What costs nothing to wait for is not taken.
    minutes
        The day's capacity.

    Returns
    -------
    polars.DataFrame
        Rows of ``actions``, one per customer at most, together within ``minutes``.
    """
    import polars as pl

    open_to = actions.filter(
        pl.col("cost_of_waiting") > 0, pl.col("minutes") > 0, pl.col("minutes") <= minutes
    )
    who = open_to["customer_id"].rank("dense").to_numpy().astype(np.int64)
    saved = open_to["cost_of_waiting"].cast(pl.Float64).to_numpy()
    takes = open_to["minutes"].to_numpy().astype(np.int64)
    places = best(who, saved, takes, minutes)
    ordered = places[np.lexsort((who[places], -saved[places] / takes[places]))]
    return open_to.select(pl.all().gather(ordered.tolist()))


def best(who: Counts, saved: Floats, takes: Counts, minutes: int) -> Places:
    """Places of the actions to take; all values above nil, none takes more than ``minutes``."""
    customers = np.unique(who).size
    greedily = by_ratio(who, saved, takes, minutes)
    if customers * (minutes + 1) > LARGEST or customers == 0:
        return greedily
    exact = exactly(who, saved, takes, minutes)
    return exact if saved[exact].sum() >= saved[greedily].sum() else greedily


def by_ratio(who: Counts, saved: Floats, takes: Counts, minutes: int) -> Places:
    """Most saved per minute first, skipping what does not fit any more; or the one best action.

    At least half of what the best choice saves where each customer has one action.
    """
    taken: list[int] = []
    left, served = minutes, set()
    for place in np.lexsort((who, -saved / takes)).tolist():
        if takes[place] <= left and who[place] not in served:
            taken.append(place)
            served.add(who[place])
            left -= int(takes[place])
        if left <= 0:
            break
    if saved.size and saved[taken].sum() < saved.max():
        taken = [int(np.argmax(saved))]
    return np.asarray(taken, dtype=np.intp)


def exactly(who: Counts, saved: Floats, takes: Counts, minutes: int) -> Places:
    """The choice that saves most, by dynamic programming over customers and minutes."""
    order = np.argsort(who, kind="stable")
    groups = np.split(order, np.nonzero(np.diff(who[order]))[0] + 1)
    value = np.zeros(minutes + 1)
    # Which action of the customer (counted from one; nil: none) leads to this many minutes.
    picked = np.zeros((len(groups), minutes + 1), dtype=np.int16)
    for row, group in enumerate(groups):
        without = value.copy()
        for number, place in enumerate(group.tolist(), start=1):
            takes_it = int(takes[place])
            with_it = without[: minutes + 1 - takes_it] + saved[place]
            better = with_it > value[takes_it:]
            value[takes_it:][better] = with_it[better]
            picked[row, takes_it:][better] = number
    return _traced(groups, picked, takes, int(np.argmax(value)))


def _traced(groups: list[Places], picked: npt.NDArray[np.int16], takes: Counts, at: int) -> Places:
    taken = []
    for row in range(len(groups) - 1, -1, -1):
        number = int(picked[row, at])
        if number:
            place = int(groups[row][number - 1])
            taken.append(place)
            at -= int(takes[place])
    return np.asarray(taken[::-1], dtype=np.intp)
