"""Dependency as the page shows it: rows, quarters and the line over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from kundenstamm.kit.chart_course import course
from kundenstamm.kit.quarters import Quarter
from kundenstamm.relations.models import FirmDay
from kundenstamm.relations.queries.people import People, Person
from kundenstamm.web.shell.figures import share

# Shown of the history: months and quarters.
MONTHS, QUARTERS = 36, 12


@dataclass(frozen=True)
class Row:
    """``of_firm``: share of everything expected that hangs on this person without cover."""

    of: Person
    of_firm: float | None
    part: float


def rows(found: People) -> list[Row]:
    """Whoever holds nobody and binds nothing is left out, but for who sees themself only."""
    most = max((each.hanging for each in found.rows), default=0) or 1
    value = found.firm.value if found.firm else 0
    return [
        Row(each, float(each.hanging / value) if value else None, float(each.hanging / most))
        for each in found.rows
        if each.customers or each.hanging or len(found.rows) == 1
    ]


def quarters(history: Sequence[FirmDay]) -> list[dict[str, Any]]:
    """The last day of each quarter, the newest first, with what cover has gained since before."""
    last: dict[Quarter, FirmDay] = {}
    for each in history:
        last[Quarter.of(each.day)] = each
    ordered = sorted(last.items())
    told = []
    for place, (quarter, day) in enumerate(ordered):
        before = ordered[place - 1][1] if place else None
        told.append(
            {
                "name": f"{quarter.first.year}\u00a0Q{quarter.number}",
                "day": day,
                "gained": day.cover - before.cover if before else None,
            }
        )
    return told[::-1][:QUARTERS]


def by_month(history: Sequence[FirmDay]) -> list[FirmDay]:
    """The last day of each of the last months: a point a day would say no more."""
    last = {(each.day.year, each.day.month): each for each in history}
    return list(last.values())[-MONTHS:]


def chart(history: Sequence[FirmDay]) -> dict[str, Any]:
    """Share without cover over time."""
    points = [
        {
            "day": each.day.isoformat(),
            "share": each.dependency,
            "words": formats.date_format(each.day, "SHORT_DATE_FORMAT"),
            "shown": share(each.dependency, 1),
        }
        for each in history
    ]
    return course(points, {"x": _("Day"), "y": _("hangs on one person without cover")})


def percent(rate: float) -> str:
    """``13,2 %``."""
    return share(rate, 1)
