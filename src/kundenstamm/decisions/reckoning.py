"""What an offer would bring, and whether it may be signed alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from kundenstamm.company.queries import profile
from kundenstamm.customers.models import Customer
from kundenstamm.decisions.limits import Judged, beyond, rate_of
from kundenstamm.decisions.models import Limit
from kundenstamm.decisions.offers import Offer
from kundenstamm.decisions.queries.granted import Granted, granted, is_own, signed_alone
from kundenstamm.decisions.queries.year import Books, books, share_in_scope
from kundenstamm.guard.models import User
from kundenstamm.terms.models import Kind
from kundenstamm.terms.queries import given
from kundenstamm.worth.decisions.terms import WhatIf, what_if
from kundenstamm.worth.decisions.year import Change, Tier, Year, changed


@dataclass(frozen=True)
class Reckoning:
    """An offer held against the books.

    Attributes
    ----------
    last
        The last twelve months before and after.
    coming
        What is expected of the next ones, with its interval; None where nothing is known.
    cost
        What the offer costs a year at today's quantity; negative: it brings something.
    instead
        Share of turnover that the renewed agreement gave: it falls away.
    over
        The limits that it goes beyond.
    """

    as_of: date
    last: WhatIf
    coming: WhatIf | None
    cost: float
    instead: float
    over: list[Limit]


def reckon(actor: User, customer: Customer, offer: Offer, today: date) -> Reckoning:
    """Hold an offer against a customer's last and coming twelve months, and against the limits."""
    found, before = books(actor, customer, today), granted(actor, customer, offer.valid_from)
    instead = _instead(actor, offer, found)
    scope = share_in_scope(actor, customer, offer, found.as_of)
    change = _change(offer, before, instead, scope)
    cost, signed = _cost(found.last, change), signed_alone(actor, customer, today)
    judged = Judged(
        rate=rate_of(offer) + _beside(offer, before, found.last),
        cost=cost + signed if cost > 0 else 0.0,
        loss=cost > 0 and found.last.contribution_3 - cost < 0,
        own=is_own(actor, customer, today),
    )
    return Reckoning(
        as_of=found.as_of,
        last=what_if(found.last, change),
        coming=what_if(found.coming, change, interval=found.interval) if found.coming else None,
        cost=cost,
        instead=instead,
        over=[] if offer.is_empty else beyond(judged, profile()),
    )


def _change(offer: Offer, before: Granted, instead: float, scope: float) -> Change:
    """The offer as what changes against today."""
    later = 0 if offer.payment_days is None else offer.payment_days - before.payment_days
    return Change(
        price=float(offer.price),
        rebate=float(offer.rebate) * scope - instead,
        tiers=_tiers(offer, scope),
        payment_days=float(later),
        financing_rate=float(profile().financing_rate),
        service=float(offer.service),
        volume=float(offer.volume),
    )


def _tiers(offer: Offer, scope: float) -> tuple[Tier, ...]:
    """Those for a part of the turnover are reached by as much more of the whole."""
    if scope <= 0:
        return ()
    return tuple(Tier(float(amount) / scope, float(rate) * scope) for amount, rate in offer.tiers)


def _instead(actor: User, offer: Offer, found: Books) -> float:
    """What the renewed agreement really gave, as a share of turnover."""
    renewed, turnover = offer.renews_rebate, found.last.turnover
    if renewed is None or turnover <= 0:
        return 0.0
    (cost,) = given(actor, [renewed], found.as_of)
    return float(cost.year) / turnover


def _beside(offer: Offer, before: Granted, last: Year) -> float:
    """Rebates that go on beside an offered one; an offer without any is not held against them."""
    if not (offer.grants_rebate or offer.price < 0) or offer.kind == Kind.PAYMENT_TERM:
        return 0.0
    return before.rate(last.turnover, offer.renews)


def _cost(last: Year, change: Change) -> float:
    """More sales are hoped for, and no limit is passed by hoping."""
    return last.contribution_3 - changed(last, replace(change, volume=0.0)).contribution_3
