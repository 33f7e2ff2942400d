"""The purchase summary from plain arrays: lines sorted by counting, then one pass.

A counting sort brings each customer's lines together in two passes over the lines; within a
customer they are sorted by day. Time grows with the lines, not with lines times their logarithm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.kernels.compiling import compiled, spread
from kundenstamm.worth.models.base import Counts, Floats

# Rows of the counts: lines, occasions, first, last, second last, second, regular day.
LINES, OCCASIONS, FIRST, LAST, PREVIOUS, REPEAT, REGULAR = range(7)
# Rows of the spreads: mean, deviation and log mean of gaps, deviation of contributions.
GAP_MEAN, GAP_SD, GAP_LOG_MEAN, CONTRIBUTION_SD = range(4)
NEVER = np.iinfo(np.int32).min


@dataclass(frozen=True)
class Lines:
    """One line per entry: whose, which day, how much; amounts whole or floating."""

    customer: npt.NDArray[Any]
    day: npt.NDArray[Any]
    net: npt.NDArray[Any]
    contribution: npt.NDArray[Any]


@dataclass(frozen=True)
class Found:
    """Of shapes ``(7, n)``, ``(4, n)``, ``(2, n)``, ``(windows, n)`` for n customers."""

    counts: npt.NDArray[np.int32]
    spreads: Floats
    sums: npt.NDArray[Any]
    recent: Counts


def found(lines: Lines, as_of: int, regular: int, windows: npt.NDArray[np.int64]) -> Found:
    """Summaries of the customers 0 … n−1; ``sums`` are net sales and contribution."""
    ends = np.cumsum(_counted(lines.customer, lines.day, as_of))
    starts = np.concatenate([np.zeros(1, dtype=np.int64), ends[:-1]])
    kept = int(ends[-1])
    day = np.empty(kept, dtype=np.int32)
    money = np.empty((kept, 2), dtype=lines.net.dtype)
    _placed(
        lines.customer, lines.day, lines.net, lines.contribution, as_of, starts.copy(), day, money
    )
    size = ends.size
    made = Found(
        np.empty((7, size), dtype=np.int32),
        np.empty((4, size)),
        np.empty((2, size), dtype=lines.net.dtype),
        np.zeros((windows.size, size), dtype=np.int64),
    )

    def part(start: int, stop: int) -> None:
        _summed(
            start, stop, starts, ends, day, money, as_of, regular, windows,
            made.counts, made.spreads, made.sums, made.recent,
        )  # fmt: skip

    spread(part, size)
    return made


@compiled
def _counted(customer, day, as_of):  # type: ignore[no-untyped-def]
    """Lines per customer up to ``as_of``."""
    counts = np.zeros(customer.max() + 1, dtype=np.int64)
    for line in range(customer.size):
        if day[line] <= as_of:
            counts[customer[line]] += 1
    return counts


@compiled
def _placed(customer, day, net, contribution, as_of, place, days, money):  # type: ignore[no-untyped-def]
    """Each line into its customer's next place."""
    for line in range(customer.size):
        if day[line] <= as_of:
            at = place[customer[line]]
            place[customer[line]] = at + 1
            days[at] = day[line]
            money[at, 0] = net[line]
            money[at, 1] = contribution[line]


@compiled
def _sorted(day, money):  # type: ignore[no-untyped-def]
    """One customer's lines by day, in place: by insertion, unless there are many."""
    if day.size > 64:
        order = np.argsort(day, kind="mergesort")
        day[:], money[:] = day[order], money[order]
        return
    for at in range(1, day.size):
        this, net, contribution = day[at], money[at, 0], money[at, 1]
        before = at - 1
        while before >= 0 and day[before] > this:
            day[before + 1] = day[before]
            money[before + 1, 0] = money[before, 0]
            money[before + 1, 1] = money[before, 1]
            before -= 1
        day[before + 1], money[before + 1, 0], money[before + 1, 1] = this, net, contribution


@compiled
def _summed(  # type: ignore[no-untyped-def]
    start, stop, starts, ends, days, money, as_of, regular, windows, counts, spreads, sums, recent
):
    for row in range(start, stop):
        day, amounts = days[starts[row] : ends[row]], money[starts[row] : ends[row]]
        _sorted(day, amounts)
        counts[:, row] = NEVER
        spreads[:, row] = np.nan
        sums[:, row] = 0
        counts[LINES, row] = day.size
        _customer(
            day,
            amounts,
            as_of,
            regular,
            windows,
            counts[:, row],
            spreads[:, row],
            sums[:, row],
            recent[:, row],
        )


@compiled
def _in_windows(today, as_of, windows, recent):  # type: ignore[no-untyped-def]
    for window in range(windows.size):
        if today > as_of - windows[window]:
            recent[window] += 1


@compiled
def _customer(day, money, as_of, regular, windows, counts, spreads, sums, recent):  # type: ignore[no-untyped-def]
    """Days with positive net sales are occasions; means and spreads after Welford (1962)."""
    occasions, log_gaps = 0, 0.0
    gap_mean, gap_square, own_mean, own_square = 0.0, 0.0, 0.0, 0.0
    line = 0
    while line < day.size:
        today = day[line]
        net, contribution = money[line, 0], money[line, 1]
        line += 1
        while line < day.size and day[line] == today:
            net += money[line, 0]
            contribution += money[line, 1]
            line += 1
        sums[0] += net
        sums[1] += contribution
        if net <= 0:
            continue
        occasions += 1
        away = contribution - own_mean
        own_mean += away / occasions
        own_square += away * (contribution - own_mean)
        if occasions == 1:
            counts[FIRST] = today
        else:
            gap = float(today - counts[LAST])
            away = gap - gap_mean
            gap_mean += away / (occasions - 1)
            gap_square += away * (gap - gap_mean)
            log_gaps += np.log(gap)
            counts[PREVIOUS] = counts[LAST]
        counts[LAST] = today
        if occasions == 2:
            counts[REPEAT] = today
        if occasions == regular:
            counts[REGULAR] = today
        _in_windows(today, as_of, windows, recent)
    counts[OCCASIONS] = occasions
    if occasions > 1:
        spreads[GAP_MEAN] = gap_mean
        spreads[GAP_LOG_MEAN] = log_gaps / (occasions - 1)
        spreads[CONTRIBUTION_SD] = np.sqrt(own_square / (occasions - 1))
    if occasions > 2:
        spreads[GAP_SD] = np.sqrt(gap_square / (occasions - 2))
