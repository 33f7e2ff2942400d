"""How rebates and promotions went with each customer, and whether they were meant to stay.

The truth is the intention with which a story is told, not a feature of the agreements; breaks
between renewals are drawn, and some stories look like the other kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import numpy as np
import polars as pl

from kundenstamm.worth.synthetic.company import Plan

# Kind, first day, last day (None: until ended), share.
Told = tuple[str, date, date | None, float]
Story = Callable[[date, np.random.Generator], list[Told]]


def concessions(plan: Plan, customers: int = 400) -> pl.DataFrame:
    """``customer``, ``kind``, ``starts``, ``ends``, ``share``, ``slipped``: no one meant it so."""
    rng = plan.stream("concessions")
    began = plan.until - timedelta(days=plan.days - 1)
    chosen = rng.choice(len(STORIES), customers, p=[share for _story, _slipped, share in STORIES])
    rows = [
        (str(10_001 + n), *told, STORIES[story][1])
        for n, story in enumerate(chosen)
        for told in STORIES[story][0](began, rng)
    ]
    names = ["customer", "kind", "starts", "ends", "share", "slipped"]
    return pl.DataFrame(rows, names, orient="row", infer_schema_length=None)


def _once(began: date, rng: np.random.Generator) -> list[Told]:
    return list(_renewed(began, rng, 1))


def _prolonged(began: date, rng: np.random.Generator) -> list[Told]:
    return list(_renewed(began, rng, 2))


def _standing(began: date, rng: np.random.Generator) -> list[Told]:
    """Meant for one summer, renewed until nobody noticed; some renewals came late."""
    return list(_renewed(began, rng, int(rng.integers(3, 9))))


def _each_summer(began: date, rng: np.random.Generator) -> list[Told]:
    share, years = _share(rng), int(rng.integers(2, 4))
    firsts = [date(began.year + n, 6, 1) for n in range(years)]
    return [
        ("promotion", first, first + timedelta(int(rng.integers(40, 95))), share)
        for first in firsts
    ]


def _month_by_month(began: date, rng: np.random.Generator) -> list[Told]:
    """A launch in three short waves, as planned."""
    share, first = _share(rng), began + timedelta(int(rng.integers(0, 500)))
    return [
        ("promotion", first + timedelta(45 * n), first + timedelta(45 * n + 20), share)
        for n in range(3)
    ]


def _creeping(began: date, rng: np.random.Generator) -> list[Told]:
    """Each yearly talk cost a little more; now and then a little came back."""
    back = rng.random() < 0.15
    steps = [float(rng.uniform(0.005, 0.02)) for _ in range(int(rng.integers(2, 5)))]
    if back:
        steps.append(-0.005)
    return _steps(began, rng, steps)


def _raised_once(began: date, rng: np.random.Generator) -> list[Told]:
    return _steps(began, rng, [0.02])


def _haggled(began: date, rng: np.random.Generator) -> list[Told]:
    return _steps(began, rng, [0.02, -0.01, 0.01, -0.02])


def _grown_into(began: date, rng: np.random.Generator) -> list[Told]:
    """Raised twice, each time for a volume that was agreed and reached."""
    return _steps(began, rng, [0.01, 0.01])


STORIES: tuple[tuple[Story, bool, float], ...] = (
    (_once, False, 0.24),
    (_prolonged, False, 0.12),
    (_each_summer, False, 0.14),
    (_month_by_month, False, 0.04),
    (_raised_once, False, 0.16),
    (_haggled, False, 0.08),
    (_grown_into, False, 0.04),
    (_standing, True, 0.10),
    (_creeping, True, 0.08),
)


def _renewed(began: date, rng: np.random.Generator, times: int) -> Iterator[Told]:
    first, share = began + timedelta(int(rng.integers(0, 400))), _share(rng)
    for _ in range(times):
        last = first + timedelta(int(rng.integers(50, 125)))
        yield "promotion", first, last, share
        first = last + timedelta(1 + int(rng.exponential(12)))


def _steps(began: date, rng: np.random.Generator, steps: list[float]) -> list[Told]:
    rates = [_share(rng)]
    for step in steps:
        rates.append(rates[-1] + step)
    days = [began + timedelta(300 * n + int(rng.integers(0, 90))) for n in range(len(rates))]
    ends = [*(day - timedelta(1) for day in days[1:]), None]
    return [
        ("rebate", day, end, round(max(rate, 0.0), 4))
        for day, end, rate in zip(days, ends, rates, strict=True)
    ]


def _share(rng: np.random.Generator) -> float:
    return round(float(rng.uniform(0.02, 0.08)), 3)
