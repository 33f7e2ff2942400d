"""Invented reading of people who stay and people who leave, day by day.

Everybody has a level, good and bad weeks, and honest days that look unusual: reviews at the end of
a quarter, standing in for a colleague who is ill, cleaning up a list. Of those who leave, some take
nothing that the system sees, some copy a few customers every evening, some walk the whole list on a
few days, some print or export. The score that is judged (`kundenstamm.worth.watching`) has no part
in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kundenstamm.worth.watching.counts import Day

USUAL_DAYS, LAST_DAYS = 63, 21
KINDS = ("nothing", "bites", "walk", "prints")
HOW_MANY = (0.30, 0.30, 0.25, 0.15)


@dataclass(frozen=True)
class Reader:
    """Working days before and in the last month; ``kind`` is empty for who stays."""

    own: tuple[Day, ...]
    last: tuple[Day, ...]
    kind: str = ""


def readers(seed: int, people: int, *, leaving: bool) -> list[Reader]:
    """People of one company's sales; equal seeds give equal people."""
    rng = np.random.default_rng([seed, int(leaving)])
    return [_reader(rng, leaving) for _ in range(people)]


def _reader(rng: np.random.Generator, leaving: bool) -> Reader:
    level = 9 * np.exp(rng.normal(0, 0.4))
    curious = rng.beta(1.2, 12)
    own = _days(rng, USUAL_DAYS, level, curious)
    last = _days(rng, LAST_DAYS, level, curious)
    if not leaving:
        return Reader(tuple(own), tuple(last))
    kind = str(rng.choice(KINDS, p=HOW_MANY))
    for at in _which(rng, kind):
        last[at] = _taking(rng, kind, last[at])
    return Reader(tuple(own), tuple(last), kind)


def _days(rng: np.random.Generator, number: int, level: float, curious: float) -> list[Day]:
    found, away = [], 0
    for at in range(number):
        away = away - 1 if away else int(rng.integers(3, 9)) if rng.random() < 0.015 else 0
        week = level * np.exp(rng.normal(0, 0.35))
        customers = int(rng.poisson(week * (2.2 if away else 1)))
        outside = int(rng.binomial(customers, min(curious + (0.45 if away else 0), 1)))
        tidy = rng.random() < 0.02 or at % 63 == 62
        walked = int(rng.integers(8, 40)) if tidy else 0
        found.append(
            Day(
                customers + walked, outside, walked, int(rng.poisson(0.08 * customers)),
                int(rng.poisson(0.25)) + (int(rng.integers(1, 5)) if at % 63 == 62 else 0),
            )
        )  # fmt: skip
    return found


def _which(rng: np.random.Generator, kind: str) -> list[int]:
    days = {"nothing": 0, "bites": int(rng.integers(6, 15)), "walk": int(rng.integers(1, 4)),
            "prints": int(rng.integers(1, 5))}[kind]  # fmt: skip
    return [int(at) for at in rng.choice(LAST_DAYS, days, replace=False)]


def _taking(rng: np.random.Generator, kind: str, day: Day) -> Day:
    if kind == "bites":
        more = int(rng.integers(5, 18))
        out, order, reveals, taken = more // 3, more // 2 if rng.random() < 0.4 else 0, more // 2, 0
    elif kind == "walk":
        more = int(rng.integers(40, 200))
        out, order, reveals, taken = more // 4, int(more * 0.8), more // 3, 0
    else:
        more = int(rng.integers(3, 20))
        out, order, reveals, taken = 1, 0, 2, int(rng.integers(4, 30))
    return Day(
        day.customers + more, day.outside + out, day.in_order + order, day.reveals + reveals,
        day.taken + taken,
    )  # fmt: skip
