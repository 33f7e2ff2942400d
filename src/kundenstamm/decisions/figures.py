"""What an offer would bring, as plain data: kept with the proposal, shown as it was then."""

from __future__ import annotations

from typing import Any

from kundenstamm.decisions.reckoning import Reckoning
from kundenstamm.worth.decisions.terms import Interval, WhatIf
from kundenstamm.worth.levels import STATEMENT


def as_data(found: Reckoning) -> dict[str, Any]:
    """Cents, shares in hundredths of a per cent."""
    return {
        "cost": round(found.cost, 2),
        "instead": round(found.instead, 4),
        "last": _what_if(found.last),
        "coming": _what_if(found.coming) if found.coming else None,
    }


def _what_if(found: WhatIf) -> dict[str, Any]:
    return {
        "rows": [
            {
                "level": name,
                "before": round(getattr(found.before, name), 2),
                "after": round(getattr(found.after, name), 2),
            }
            for name in STATEMENT
        ],
        "gain": round(found.gain, 2),
        "gain_interval": _interval(found.gain_interval),
        "after_interval": _interval(found.after_interval),
        "break_even": None if found.break_even is None else round(found.break_even, 4),
        "walk_away": None if found.walk_away is None else round(found.walk_away, 4),
    }


def _interval(span: Interval | None) -> list[float] | None:
    return [round(span.low, 2), round(span.high, 2)] if span else None
