"""The whale curve in letters: filled columns, the whole profit marked."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from math import floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kundenstamm.worth.whale import Whale

_EIGHTHS = " ▁▂▃▄▅▆▇█"


def drawn(whale: Whale, width: int, height: int, percent: Callable[[float], str]) -> list[str]:
    """Lines of text, top first: the scale at the left, one column per step of the ranks."""
    columns = min(width, whale.customers)
    heights = [share_at(whale, whale.customers * (n + 1) / columns) for n in range(columns)]
    tallest = max(*heights, whale.peak_share, 1.0)
    labels = {height - 1: percent(tallest), 0: percent(0.0)}
    whole = floor(height / tallest - 1e-9)
    labels.setdefault(min(whole, height - 1), percent(1.0))
    room = max(len(label) for label in labels.values())
    lines = []
    for row in reversed(range(height)):
        cells = "".join(_cell(share / tallest * height - row) for share in heights)
        lines.append(f"{labels.get(row, ''):>{room}} ┤{cells}")
    return lines


def share_at(whale: Whale, rank: float) -> float:
    """The curve at a rank, along the straight line between its points."""
    right = min(bisect_left(whale.ranks, rank), len(whale.ranks) - 1)
    left = max(right - 1, 0)
    span = whale.ranks[right] - whale.ranks[left]
    part = (rank - whale.ranks[left]) / span if span else 1.0
    return whale.shares[left] + part * (whale.shares[right] - whale.shares[left])


def _cell(filled: float) -> str:
    return _EIGHTHS[round(8 * min(max(filled, 0.0), 1.0))]
