"""What is counted of a day's reading: numbers only, neither who was looked at nor what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kundenstamm.worth.models.base import Floats

SIGNALS = ("customers", "outside", "in_order", "reveals", "taken")
# Fewer openings in a row are how everybody reads.
RUN = 5


@dataclass(frozen=True)
class Day:
    """A person's reading on one day.

    Attributes
    ----------
    customers
        Distinct customers opened.
    outside
        Of these, how many are not in the person's own portfolio.
    in_order
        Openings that are part of a walk through the list (`walked`).
    reveals
        Masked fields looked behind.
    taken
        Printed pages, reports and exports.
    """

    customers: int = 0
    outside: int = 0
    in_order: int = 0
    reveals: int = 0
    taken: int = 0

    def as_row(self) -> Floats:
        return np.array([getattr(self, name) for name in SIGNALS], dtype=float)


def walked(places: Sequence[int], run: int = RUN) -> int:
    """Openings that belong to runs of at least ``run`` customers, each next to the one before.

    Parameters
    ----------
    places
        Places in the alphabetical list of all customers, in the order of opening. A step of up to
        three places counts as next, in either direction, but a run keeps its direction.
    """
    found, length, direction = 0, 1, 0
    for before, now in pairwise(places):
        step = now - before
        towards = (step > 0) - (step < 0)
        if 0 < abs(step) <= 3 and (length == 1 or towards == direction):
            length, direction = length + 1, towards
            continue
        found += length if length >= run else 0
        length, direction = 1, 0
    return found + (length if length >= run else 0)
