"""How sure we could have been, day by day, that one customer is still one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from kundenstamm.lifecycle.frames.models import occasions_model

POINTS = 150


def active_curve(
    stored: Mapping[str, Any], occasions: Sequence[date], until: date
) -> list[tuple[date, float]]:
    """P(active) from the first purchase to ``until``, by the models that a run remembers.

    Parameters
    ----------
    stored
        ``ValuationRun.models_fitted``.
    occasions
        The customer's purchase days, ascending.
    until
        The last day of the curve; no purchase is assumed after the last one.

    Returns
    -------
    list
        (day, probability); the days before and of a purchase are both there, so that the step
        shows. Empty without a model or a purchase.
    """
    import polars as pl

    model = occasions_model(stored)
    days = [day for day in occasions if day <= until]
    if model is None or not days:
        return []
    grid = _grid(days, until)
    seen = [bisect_right(days, day) for day in grid]
    history = pl.DataFrame(
        {
            "x": [count - 1 for count in seen],
            "t_x": [(days[count - 1] - days[0]).days for count in seen],
            "age": [(day - days[0]).days for day in grid],
        }
    )
    chances = model.probability_active(history)
    return [(day, float(chance)) for day, chance in zip(grid, chances, strict=True)]


def _grid(days: Sequence[date], until: date) -> list[date]:
    """Even steps, and the newest purchases with the day before each."""
    span = (until - days[0]).days
    even = {days[0] + timedelta(days=round(span * n / POINTS)) for n in range(POINTS + 1)}
    steps = {day for bought in days[-POINTS:] for day in (bought - timedelta(days=1), bought)}
    return sorted(day for day in even | steps if day >= days[0])
