"""The rungs themselves: how large each is, how risky, and what the year becomes under it.

Rules in prose and worked examples: ``docs/algorithms/repair.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from math import ceil

from kundenstamm.worth.decisions.loss import Loss
from kundenstamm.worth.decisions.year import Change, DecisionError, Year, changed
from kundenstamm.worth.levels import Kind
from kundenstamm.worth.sentences import gettext_noop

# Work that is done whether or not something is bought, so that we decide how much of it.
CARE = (Kind.VISIT, Kind.SUPPORT)
HANDLING = (Kind.ORDER, Kind.DELIVERY)
# Share of net revenue; below it no order is large enough to pay for anything.
LEAST_MARGIN = 0.001


class Rung(StrEnum):
    PRICE = "price"
    MINIMUM_ORDER = "minimum_order"
    SERVICE = "service"
    DEALER = "dealer"
    LET_GO = "let_go"


@dataclass(frozen=True)
class Assumptions:
    """How customers answer to a rung. Nobody knows; these are to be adjusted.

    Attributes
    ----------
    price
        Share by which prices rise; None: as much as is missing, at most ``price_limit``.
    price_risk
        Chance of losing the customer, per unit of price: 2 means 10 % at prices 5 % higher.
    minimum_order
        Net value; None: from where an order pays what goes with it, in full fifties.
    bundled
        Share of what was bought in smaller orders that is bought in larger ones from now on.
    service
        Share of visits and support still given.
    dealer_rebate
        What the dealer gets off the list price, in place of the customer's reductions and at
        least as much as these.
    dealer_work
        Share of orders and deliveries that is left to us behind a dealer.
    minimum_order_risk, service_risk, dealer_risk
        Chance of losing the customer by it.
    """

    price: float | None = None
    price_limit: float = 0.10
    price_risk: float = 2.0
    minimum_order: float | None = None
    minimum_order_risk: float = 0.05
    bundled: float = 0.7
    service: float = 0.5
    service_risk: float = 0.10
    dealer_rebate: float = 0.15
    dealer_work: float = 0.3
    dealer_risk: float = 0.30

    def __post_init__(self) -> None:
        at_most_one = {field.name for field in fields(self)} - {"price_risk", "minimum_order"}
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None and (value < 0 or (field.name in at_most_one and value > 1)):
                raise DecisionError(f"{field.name} is {value}: a share lies between 0 and 1.")


NO_REVENUE = gettext_noop("Nothing was bought that could cost more.")
NO_ORDERS = gettext_noop("It is not known what the single orders were.")
ORDERS_PAY = gettext_noop("No order was so small that what goes with it exceeds what it brings.")
GOODS_LOSE = gettext_noop("The goods themselves bring nothing: larger orders lose more.")
NO_CARE = gettext_noop("There were no visits and no support that could become less.")
NO_DEALER = gettext_noop("It is a dealer itself, or there is none who could supply it.")


def size_of(rung: Rung, loss: Loss, assumed: Assumptions) -> float | str:
    """How large the rung would be here, or the words why there is none."""
    return _SIZES[rung](loss, assumed) if rung in _SIZES else 0.0


def under(rung: Rung, loss: Loss, size: float, assumed: Assumptions) -> Year:
    """The year in avoidable terms, had the rung been taken and had the customer stayed."""
    return _AFTER[rung](loss, size, assumed) if rung in _AFTER else Year(0.0)


def risk_of(rung: Rung, size: float, assumed: Assumptions) -> float:
    """Chance of losing the customer by it; parting is no risk, it is meant."""
    if rung == Rung.PRICE:
        return min(size * assumed.price_risk, 1.0)
    chances = {
        Rung.MINIMUM_ORDER: assumed.minimum_order_risk,
        Rung.SERVICE: assumed.service_risk,
        Rung.DEALER: assumed.dealer_risk,
    }
    return chances.get(rung, 0.0)


def _price_size(loss: Loss, assumed: Assumptions) -> float | str:
    """In full tenths of a per cent, so that the letter says what was reckoned."""
    year = loss.recurring
    if year.net_revenue <= 0:
        return NO_REVENUE
    if assumed.price is not None:
        return assumed.price
    missing = min(max(-year.contribution_3 / year.net_revenue, 0.0), assumed.price_limit)
    return min(ceil(round(missing * 1000, 6)) / 1000, assumed.price_limit)


def _minimum_size(loss: Loss, assumed: Assumptions) -> float | str:
    if not loss.orders or sum(loss.orders) <= 0:
        return NO_ORDERS
    year = loss.vanishing
    margin = year.contribution_1 / year.net_revenue if year.net_revenue > 0 else 0.0
    if margin < LEAST_MARGIN:
        return GOODS_LOSE
    size = assumed.minimum_order
    if size is None:
        size = ceil(round(_per_order(loss) / margin / 50, 6)) * 50.0
    return size if min(loss.orders) < size else ORDERS_PAY


def _per_order(loss: Loss) -> float:
    """What goes with an order, positive."""
    return -sum(loss.vanishing.serving.get(kind, 0.0) for kind in HANDLING) / len(loss.orders)


def _service_size(loss: Loss, assumed: Assumptions) -> float | str:
    given = sum(loss.recurring.serving.get(kind, 0.0) for kind in CARE)
    return assumed.service if given < 0 else NO_CARE


def _dealer_size(loss: Loss, assumed: Assumptions) -> float | str:
    """No less than the customer has today: else it would have to pay the dealer more than us."""
    if not loss.dealer:
        return NO_DEALER
    year = loss.recurring
    today = -year.reductions / year.turnover if year.turnover > 0 else 0.0
    return min(max(assumed.dealer_rebate, today), 1.0)


def _with_price(loss: Loss, size: float, _assumed: Assumptions) -> Year:
    return changed(loss.vanishing, Change(price=size))


def _with_minimum(loss: Loss, size: float, assumed: Assumptions) -> Year:
    """Small orders are bundled into ones of just this size, or are not given any more."""
    small = [order for order in loss.orders if order < size]
    moved = assumed.bundled * sum(small)
    volume = (moved - sum(small)) / sum(loss.orders)
    orders = len(loss.orders) - len(small) + moved / size
    year = changed(loss.vanishing, Change(volume=volume))
    handled = _times(loss.vanishing, dict.fromkeys(HANDLING, orders / len(loss.orders)))
    kept = {kind: handled.serving[kind] for kind in HANDLING if kind in handled.serving}
    return replace(year, serving={**year.serving, **kept})


def _with_service(loss: Loss, size: float, _assumed: Assumptions) -> Year:
    return _times(loss.vanishing, dict.fromkeys(CARE, size))


def _with_dealer(loss: Loss, size: float, assumed: Assumptions) -> Year:
    """The dealer buys the same, waits on the customer and for its money, and handles the rest."""
    year = loss.vanishing
    left = dict.fromkeys(HANDLING, assumed.dealer_work)
    gone = dict.fromkeys(set(year.serving) - set(HANDLING), 0.0)
    return replace(_times(year, left | gone), reductions=-size * year.turnover, winning=0.0)


def _times(year: Year, shares: Mapping[Kind, float]) -> Year:
    serving = {kind: amount * shares.get(kind, 1.0) for kind, amount in year.serving.items()}
    return replace(year, serving=serving)


# Parting has no size, and nothing comes after it.
_SIZES: Mapping[Rung, Callable[[Loss, Assumptions], float | str]] = {
    Rung.PRICE: _price_size,
    Rung.MINIMUM_ORDER: _minimum_size,
    Rung.SERVICE: _service_size,
    Rung.DEALER: _dealer_size,
}
_AFTER: Mapping[Rung, Callable[[Loss, float, Assumptions], Year]] = {
    Rung.PRICE: _with_price,
    Rung.MINIMUM_ORDER: _with_minimum,
    Rung.SERVICE: _with_service,
    Rung.DEALER: _with_dealer,
}
