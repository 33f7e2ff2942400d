"""The ladder in words: how large a rung is, what it brings, what came of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kundenstamm.decisions.following_up import FollowUp
from kundenstamm.decisions.models import Rung
from kundenstamm.decisions.repairing import Ladder
from kundenstamm.lifecycle.rules import money
from kundenstamm.web.shell.figures import approximate, share, signed_share
from kundenstamm.worth.decisions.ladder import Brought


def rows(ladder: Ladder, currency: str) -> list[dict[str, Any]]:
    """The rungs in their order, as the table shows them."""
    return [_row(each, ladder, currency) for each in ladder.advice.rungs]


def _row(of: Brought, ladder: Ladder, currency: str) -> dict[str, Any]:
    rung = Rung(of.rung.value)
    return {
        "rung": rung.value,
        "label": rung.label,
        "refusal": of.refusal.as_data() if of.refusal else None,
        "says": size(rung, of.size, currency),
        "of": of,
        "span": span(of.interval.low, of.interval.high, currency),
        "recommended": of.rung == ladder.advice.recommended,
        "discouraged": rung == Rung.LET_GO and not ladder.advice.may_part,
    }


def size(rung: str, of: float, currency: str) -> str:
    """``+4,5 %``, ``mindestens 250 €``; nothing for parting."""
    if rung == Rung.PRICE:
        return signed_share(of)
    if rung == Rung.MINIMUM_ORDER:
        return _("at least %(amount)s") % {"amount": money(of, currency, decimals=0)}
    if rung == Rung.SERVICE:
        return _("%(share)s of today's") % {"share": share(of)}
    if rung == Rung.DEALER:
        return _("%(share)s rebate") % {"share": share(of)}
    return ""


def span(low: float, high: float, currency: str) -> str:
    """``−120 € bis 940 €``."""
    ends = {"low": approximate(low, currency), "high": approximate(high, currency)}
    return _("%(low)s to %(high)s") % ends


def reached(found: FollowUp) -> str:
    """What came of the plan, in a sentence; nothing before the days are over."""
    if found.found is None:
        return ""
    came = found.reached
    if came is None:
        return _("Nothing worth measuring was planned for these days.")
    if came <= 0:
        return _("Nothing of what was planned came.")
    if came >= 1:
        return _("All that was planned came, or more.")
    return _("%(share)s of what was planned came.") % {"share": share(came)}
