"""Who won a customer: exact shares of one, by the order of touches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

Channel = TypeVar("Channel", bound=Hashable)

END = Fraction(2, 5)


class Attribution(StrEnum):
    FIRST = "first"
    LAST = "last"
    POSITION = "position"


def credits(touches: Sequence[Channel], way: Attribution) -> dict[Channel, Fraction]:
    """Shares of one customer by channel, in the order in which they first touched.

    Parameters
    ----------
    touches
        Channels up to the first purchase, the earliest first.

    Returns
    -------
    dict
        The sum is 1; empty without any touch.
    """
    found: dict[Channel, Fraction] = defaultdict(Fraction)
    for channel, part in zip(touches, _parts(len(touches), way), strict=True):
        found[channel] += part
    return {channel: part for channel, part in found.items() if part}


def _parts(touches: int, way: Attribution) -> list[Fraction]:
    """Of each touch."""
    parts = [Fraction(0)] * touches
    if not touches:
        return parts
    if way == Attribution.FIRST or touches == 1:
        parts[0] = Fraction(1)
    elif way == Attribution.LAST:
        parts[-1] = Fraction(1)
    elif touches == 2:
        parts = [Fraction(1, 2)] * 2
    else:
        between = (1 - 2 * END) / (touches - 2)
        parts = [END, *[between] * (touches - 2), END]
    return parts
