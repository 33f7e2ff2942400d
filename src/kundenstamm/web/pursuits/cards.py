"""The card of the customer's page: how a pursuit of it stands, or a way to start one."""

from __future__ import annotations

from typing import Any

from kundenstamm.guard.masks import sees
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may
from kundenstamm.lifecycle.queries import Sheet
from kundenstamm.pursuits import queries
from kundenstamm.pursuits.models import Verdict
from kundenstamm.pursuits.rules import Watched
from kundenstamm.web.pursuits.words import CHIPS


def pursuit_card(actor: User, sheet: Sheet) -> dict[str, Any] | None:
    """For whoever sees prices; nothing about a regular that nobody ever pursued."""
    if not sees(actor, "document.prices"):
        return None
    found = queries.of_customer(actor, sheet.customer)
    fits = queries.is_to_win(sheet.estimate) and sheet.customer.parted_on is None
    start = may(actor, Right.PURSUE) and fits and (found is None or not found.is_open)
    if found is None and not start:
        return None
    watched = Watched(queries.spent_on(actor, found), found.limit) if found else None
    return {"of": found, "watched": watched, "start": start, "verdict": verdict_chip(found)}


def verdict_chip(found: Any) -> dict[str, str] | None:
    """The verdict while it is open: afterwards what became of it is what counts."""
    if found is None or not found.verdict or not found.is_open:
        return None
    return {"label": str(Verdict(found.verdict).label), "chip": CHIPS[found.verdict]}
