"""Proposed terms in words: what is offered, what it would bring, why it waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kundenstamm.decisions.models import Limit, Proposal
from kundenstamm.decisions.offers import NIL, WHOLE, Offer
from kundenstamm.ledger.queries import LEVELS
from kundenstamm.lifecycle.rules import money
from kundenstamm.terms.models import Kind
from kundenstamm.web.shell.figures import share, signed_share

SUBTOTALS = ("net_revenue", "contribution_1", "contribution_2", "contribution_3")
# Half a tenth of a per cent: less is shown as nil.
NOTHING = 0.0005


def says(offer: Offer, currency: str) -> str:
    """``Rebate 5 %, 60 days to pay, prices −2 %``."""
    told = []
    kind = Kind(offer.kind).label
    if offer.rebate:
        told.append(f"{kind} {_share(offer.rebate)}")
    for amount, rate in offer.tiers:
        words = {"rate": _share(rate), "amount": money(amount, currency, decimals=0)}
        told.append(_("%(rate)s from %(amount)s") % words)
    if offer.payment_days is not None:
        days = offer.payment_days
        told.append(ngettext("%(n)s day to pay", "%(n)s days to pay", days) % {"n": days})
    if offer.price != NIL:
        told.append(_("prices %(change)s") % {"change": signed_share(offer.price)})
    if offer.service != WHOLE:
        told.append(_("service level %(level)s") % {"level": _share(offer.service)})
    return ", ".join(told)


def shown(figures: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Figures as the table and the sentences show them."""
    last, coming = figures["last"], figures["coming"]
    return {
        "rows": [
            row | {"label": LEVELS[row["level"]][0], "subtotal": row["level"] in SUBTOTALS,
                   "change": row["after"] - row["before"]}
            for row in last["rows"]
        ],
        "currency": "€" if currency == "EUR" else currency,
        "before": last["rows"][-1]["before"],
        "after": last["rows"][-1]["after"],
        "coming": coming and coming | coming["rows"][-1],
        "sentences": [each for each in _sentences(figures, currency) if each],
    }  # fmt: skip


def _sentences(figures: Mapping[str, Any], currency: str) -> Iterator[str]:
    """What it costs or brings, and how far one can go; nothing about an offer of nothing."""
    cost, found = figures["cost"], figures["last"]
    if abs(cost) >= 1:
        yield _cost(cost, currency)
        # What brings something needs nothing that makes up for it.
        yield "" if cost < 0 and found["break_even"] is None else _break_even(found)
    yield _walk_away(found["walk_away"], figures["instead"])


def limits(over: Sequence[str]) -> list[str]:
    """The limits that an offer goes beyond."""
    return [str(Limit(each).label) for each in over]


def waits_because(proposal: Proposal) -> str:
    return ", ".join(limits(proposal.over))


def _cost(cost: float, currency: str) -> str:
    told = {"amount": money(abs(cost), currency, decimals=0)}
    if cost < 0:
        return _("At what the customer buys today it brings %(amount)s a year.") % told
    return _("At what the customer buys today it costs %(amount)s a year.") % told


def _break_even(found: Mapping[str, Any]) -> str:
    wanted = found["break_even"]
    if wanted is None:
        return _("No growth makes up for it: a further sale would leave nothing.")
    told = {"share": _share(abs(wanted), 1 if abs(wanted) < 0.1 else 0)}
    if wanted > NOTHING:
        return _("Break-even: %(share)s more volume makes up for it.") % told
    if wanted < -NOTHING:
        return _("Break-even: with up to %(share)s less volume as much is left as today.") % told
    return _("Break-even: the same volume leaves as much as today.")


def _walk_away(rebate: float | None, instead: float) -> str:
    """Where an agreement is renewed, together with what that gave."""
    if rebate is None:
        return _("Without turnover there is no rebate at which to walk away.")
    whole = rebate + instead
    if whole < 0:
        return _("Walk away: contribution III is below nil even without a rebate.")
    told = {"share": _share(whole, 1)}
    if instead:
        return (
            _("Walk away above a rebate of %(share)s: then contribution III is below nil.") % told
        )
    return _(
        "Walk away above a further rebate of %(share)s: then contribution III is below nil."
    ) % (told)


def _share(value: Decimal | float, places: int | None = None) -> str:
    if places is None:
        places = max(-int((Decimal(value) * 100).normalize().as_tuple().exponent), 0)
    return share(value, places)
