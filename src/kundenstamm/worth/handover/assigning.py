"""Each customer to one colleague, so that the most is saved within what everybody can serve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.handover import auction
from kundenstamm.worth.models.base import Counts, Floats

# The auction's step, as a part of what a customer is worth to its best colleague on average.
ACCURACY = 1e-3
Gains = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Assigned:
    """Who takes over whom.

    Attributes
    ----------
    to
        Column of the colleague for each customer, shape ``(n,)``. Never empty.
    total
        Money a year saved, of all customers.
    bound
        No assignment within the same capacities saves more.
    prices
        What one more minute of each colleague would save, about; shape ``(m,)``.
    stretched
        Everybody's capacity was multiplied by this; above one where it did not suffice.
    capacity
        After stretching, shape ``(m,)``.
    """

    to: Counts
    total: float
    bound: float
    prices: Floats
    stretched: float
    capacity: Floats

    @property
    def left(self) -> float:
        """At most so much more could be saved, as a part of the bound."""
        return max(self.bound - self.total, 0.0) / abs(self.bound) if self.bound else 0.0


def assign(
    gains: Gains, minutes: Floats, capacity: Floats, *, accuracy: float = ACCURACY
) -> Assigned:
    """The assignment that saves nearly the most.

    Parameters
    ----------
    gains
        Money a year that a colleague saves of a customer, shape ``(n, m)``; −inf: never.
    minutes, capacity
        What customers take, above nil, and colleagues have; shapes ``(n,)`` and ``(m,)``.
    accuracy
        How exact, as a part of what a customer saves at best on average.

    Raises
    ------
    ValueError
        There is no colleague, none has capacity, or a customer takes no minutes.
    """
    if gains.shape[1] == 0 or not capacity.sum() > 0:
        raise ValueError("Somebody must have capacity to take customers over.")
    if len(minutes) and not minutes.min() > 0:
        raise ValueError("Each customer takes some minutes.")
    stretched = _stretch(minutes, capacity)
    room = capacity * stretched
    gains = np.ascontiguousarray(gains, dtype=np.float32)
    step = max(accuracy * float(np.abs(gains.max(axis=1, initial=0.0)).mean()), 1e-9)
    most = auction.MOST_BIDS * len(gains) + 10_000
    to, prices = auction.auction(gains, minutes.astype(float), room, step, most)
    auction.place_rest(gains, minutes.astype(float), room, to)
    total = float(gains[np.arange(len(to)), to].astype(np.float64).sum())
    limit = auction.bound(gains, minutes, room, prices)
    return Assigned(to, total, max(limit, total), prices, stretched, room)


def _stretch(minutes: Floats, capacity: Floats) -> float:
    """Where it does not suffice everybody takes more in proportion: no customer is left over.

    With unequal minutes the pieces do not fit exactly, so there is room for the largest one.
    """
    need = float(minutes.sum())
    if len(minutes) and minutes.max() > minutes.min():
        need += float(minutes.max())
    have = float(capacity.sum())
    if need <= have:
        return 1.0
    if len(minutes) and minutes.max() == minutes.min():  # whole pieces: round up for each
        need += float(minutes[0]) * (len(capacity) - 1)
    return need / have


def price_of_change(
    gains: Gains, minutes: Floats, assigned: Assigned, customer: int, to: int
) -> float:
    """What the total loses if this customer goes to that colleague and all others go best.

    Nil or more but for the auction's step; by solving anew.
    """
    if assigned.to[customer] == to:
        return 0.0
    chosen = gains[customer, to]
    rest = np.delete(gains, customer, axis=0)
    room = assigned.capacity.copy()
    room[to] = max(room[to] - minutes[customer], 0.0)
    if not len(rest):
        return max(assigned.total - float(chosen), 0.0)
    if room.sum() < np.delete(minutes, customer).sum():
        room += minutes.max()
    again = assign(rest, np.delete(minutes, customer), room)
    return max(assigned.total - again.total - float(chosen), 0.0)


def prices_of_changes(gains: Gains, minutes: Floats, assigned: Assigned) -> Floats:
    """The same for every pair at once, by the prices: at least so much; shape ``(n, m)``."""
    reduced = gains - minutes[:, None] * assigned.prices[None, :]
    now = reduced[np.arange(len(assigned.to)), assigned.to]
    found: Floats = np.maximum(now[:, None] - reduced, 0.0).astype(np.float64)
    return found
