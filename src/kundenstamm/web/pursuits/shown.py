"""The result of weighing as the page shows it: fresh, or as it was kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from kundenstamm.customers.timeline import local_day
from kundenstamm.pursuits.frames import Weighed
from kundenstamm.pursuits.learning import known
from kundenstamm.pursuits.models import Pursuit
from kundenstamm.pursuits.rules import MONTHS, Watched, coming
from kundenstamm.web.pursuits import words


def fresh(found: Weighed, spent: Decimal, currency: str) -> dict[str, Any]:
    """What was just reckoned, with the picture of what would change it."""
    data, now = found.as_data(), found.judged.now
    return _figures(data, found.begins, currency) | {
        "fresh": True,
        "judged_by": words.judged_by(found, currency),
        "optimism": words.of_optimism(found, known()),
        "alike": found.alike,
        "overflows": words.overflows(now.overflow, now.plan.first_month + MONTHS, found.begins),
        "pools": bool(found.hands.pools),
        "months_known": found.hands.months,
        "planned": found.planned,
        "left": found.left,
        "spent": spent,
        "watched": Watched(spent + found.left, found.limit),
        "bars": words.bars(found, found.swings(), currency),
    }


def kept(pursuit: Pursuit, currency: str) -> dict[str, Any]:
    """As it was judged last."""
    at = pursuit.judged_at or pursuit.opened_at
    return _figures(pursuit.figures, coming(local_day(at)), currency) | {"fresh": False}


def _figures(data: dict[str, Any], begins: date, currency: str) -> dict[str, Any]:
    verdict = str(data["verdict"])
    return data | {
        "chip": words.CHIPS[verdict],
        "headline": words.headline(verdict, data["months_later"], data["share"], begins),
        "sentences": words.reasons(data["reasons"], begins, currency),
    }
