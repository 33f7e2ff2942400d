"""Customers bid for colleagues: a transportation problem solved by an auction.

Each customer without a colleague bids for the one who is worth most to it after that colleague's
price for a minute; who is full lets go of the lowest bids, and the price rises to what they had
offered. With equal minutes the result is within ``customers × step`` of the best possible
(Bertsekas & Castañon 1989, "The auction algorithm for the transportation problem"). With unequal
minutes it is a rule of thumb, and the prices still bound what it leaves (`bound`).
"""

from __future__ import annotations

import heapq

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.kernels.compiling import compiled
from kundenstamm.worth.models.base import Counts, Floats

# Bids for each customer after which who is left is placed where there is room.
MOST_BIDS = 40


@compiled
def auction(
    gains: npt.NDArray[np.float32], minutes: Floats, capacity: Floats, step: float, most: int
) -> tuple[Counts, Floats]:
    """Column of each customer, −1 if the bids ran out, and the price of each colleague's minute."""
    customers, colleagues = gains.shape
    to = np.full(customers, -1, dtype=np.int64)
    price, used = np.zeros(colleagues), np.zeros(colleagues)
    held = [[(0.0, -1)] for _ in range(colleagues)]
    for each in held:
        each.pop()
    waiting = list(range(customers))
    bids = 0
    while len(waiting) > 0 and bids < most:
        bids += 1
        who = waiting.pop()
        best, first, second = 0, -np.inf, -np.inf
        for at in range(colleagues):
            worth = gains[who, at] - minutes[who] * price[at]
            if worth > first:
                best, first, second = at, worth, first
            elif worth > second:
                second = worth
        margin = first - second if second > -np.inf else 0.0
        bid = price[best] + (margin + step) / minutes[who]
        heapq.heappush(held[best], (bid, who))
        to[who] = best
        used[best] += minutes[who]
        while used[best] > capacity[best] + 1e-9:
            offered, gone = heapq.heappop(held[best])
            used[best] -= minutes[gone]
            price[best] = max(price[best], offered)
            to[gone] = -1
            waiting.append(gone)
    return to, price


@compiled
def place_rest(
    gains: npt.NDArray[np.float32], minutes: Floats, capacity: Floats, to: Counts
) -> None:
    """Nobody stays without a colleague: the best with room, else the least overfull one."""
    used = np.zeros(len(capacity))
    for who in range(len(to)):
        if to[who] >= 0:
            used[to[who]] += minutes[who]
    for who in range(len(to)):
        if to[who] >= 0:
            continue
        best, roomy = -1, -1
        for at in range(len(capacity)):
            load = (used[at] + minutes[who]) / max(capacity[at], 1e-9)
            if load <= 1 and (roomy < 0 or gains[who, at] > gains[who, roomy]):
                roomy = at
            if best < 0 or load < (used[best] + minutes[who]) / max(capacity[best], 1e-9):
                best = at
        to[who] = roomy if roomy >= 0 else best
        used[to[who]] += minutes[who]


def bound(
    gains: npt.NDArray[np.float32], minutes: Floats, capacity: Floats, price: Floats
) -> float:
    """No assignment within the capacities is worth more, whatever the prices (duality)."""
    best = np.full(len(gains), -np.inf, dtype=np.float64)
    for at in range(gains.shape[1]):
        np.maximum(best, gains[:, at] - minutes * price[at], out=best)
    return float(best.sum() + capacity @ price)
