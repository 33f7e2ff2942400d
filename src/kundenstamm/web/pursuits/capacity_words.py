"""The calendar of pools in hours, colours and words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kundenstamm.kit.load_chart import TONES, load
from kundenstamm.pursuits.capacity import Cell
from kundenstamm.web.pursuits.words import month_name
from kundenstamm.web.shell.figures import NBSP, number, share

AN_HOUR = 60
# From which part of the capacity on a cell is drawn in the next tone.
STEPS = (0.5, 0.7, 0.85, 0.95)
PARTS = (
    ("base", gettext_lazy("Served already")),
    ("won", gettext_lazy("Won since")),
    ("planned", gettext_lazy("Pursuits, by chance")),
)


def hours(minutes: Any) -> str:
    """``1.284 h``; below ten hours with a decimal, below one in minutes."""
    found = float(minutes) / AN_HOUR
    if 0.5 / AN_HOUR <= abs(found) < 1:
        return f"{number(minutes)}{NBSP}min"
    return f"{number(found, 0 if abs(found) >= 10 or not found else 1)}{NBSP}h"


def shown(cell: Cell) -> dict[str, Any]:
    """A cell of the table: what is free, or how much is missing in words."""
    return {
        "of": cell,
        "tone": tone(cell),
        "free": hours(abs(cell.free)),
        "full": share(cell.full),
        "href": address(cell),
        "month": month_name(cell.month),
    }


def tone(cell: Cell) -> str:
    if cell.is_short:
        return "over"
    return f"load-{sum(cell.full >= step for step in STEPS)}"


def address(cell: Cell) -> str:
    return reverse("capacity-cell", args=[cell.pool.pk, f"{cell.month:%Y-%m}"])


def short_month(month: date) -> str:
    """``Jan 27``: for an axis, in two lines."""
    return f"{formats.date_format(month, 'b').capitalize()} {month:%y}"


def chart(cells: Sequence[Cell]) -> dict[str, Any]:
    """One pool's months."""
    labels = {
        "hours": _("Hours"), "month": _("Month"), "part": _("Needed by"),
        "capacity": _("Capacity"),
    }  # fmt: skip
    parts = [
        {
            "name": short_month(cell.month), "words": month_name(cell.month), "place": place,
            "part": str(label), "hours": getattr(cell, name) / AN_HOUR,
            "shown": hours(getattr(cell, name)), "tone": TONES[place], "href": address(cell),
        }
        for cell in cells
        for place, (name, label) in enumerate(PARTS)
    ]  # fmt: skip
    capacity = [
        {
            "name": short_month(cell.month), "words": month_name(cell.month),
            "hours": cell.capacity / AN_HOUR, "shown": hours(cell.capacity),
        }
        for cell in cells
    ]  # fmt: skip
    return load(parts, capacity, labels)


def overflowing(cells: Sequence[Sequence[Cell]]) -> list[dict[str, Any]]:
    """Pools with months in which minutes are missing, and the worst of these."""
    found = []
    for pool in zip(*cells, strict=True):
        short = [cell for cell in pool if cell.is_short]
        if short:
            worst = min(short, key=lambda cell: cell.free)
            found.append({"pool": worst.pool.name, "number": len(short), "worst": shown(worst)})
    return found
