"""Which limits an offer goes beyond: then nobody signs it alone."""

from __future__ import annotations

from dataclasses import dataclass

from kundenstamm.company.models import CompanyProfile
from kundenstamm.decisions.models import Limit
from kundenstamm.decisions.offers import Offer


@dataclass(frozen=True)
class Judged:
    """What limits are held against.

    Attributes
    ----------
    rate
        Rebates together, the offered one and a lower price included.
    cost
        A year at today's quantity, with what was signed alone before.
    loss
        Contribution III is below nil afterwards, and lower than before.
    own
        The customer is the proposer's own.
    """

    rate: float
    cost: float
    loss: bool
    own: bool


def beyond(judged: Judged, company: CompanyProfile) -> list[Limit]:
    """The limits passed, in the order in which they are told.

    A limit that is just reached is kept; rates are compared in hundredths of a per cent.
    """
    passed = {
        Limit.REBATE: round(judged.rate, 4) > float(company.rebate_limit),
        Limit.COST: round(judged.cost, 2) > float(company.concession_limit),
        Limit.LOSS: judged.loss and company.loss_needs_approval,
        Limit.OTHERS: not judged.own,
    }
    return [limit for limit, is_passed in passed.items() if is_passed]


def rate_of(offer: Offer) -> float:
    """The highest rebate that the offer promises, a lower price included.

    >>> from datetime import date
    >>> from decimal import Decimal
    >>> new_year = date(2026, 1, 1)
    >>> offer = Offer(new_year, None, rebate=Decimal("0.05"), price=Decimal("-0.1"))
    >>> round(rate_of(offer), 4)
    0.145
    """
    rebate = max([offer.rebate, *(rate for _amount, rate in offer.tiers)])
    paid = (1 + min(float(offer.price), 0.0)) * (1 - float(rebate))
    return 1 - paid
