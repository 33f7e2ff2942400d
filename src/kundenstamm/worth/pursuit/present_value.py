"""What a customer would be worth if won, and what a try is worth.

Discounted expected contribution as in Fader, Hardie & Lee (2005), "RFM and CLV", with a constant
share of customers who stay, by months; an expectation over success and failure as in Raiffa &
Schlaifer (1961).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kundenstamm.worth.decisions.terms import Interval
from kundenstamm.worth.models.base import Floats
from kundenstamm.worth.pursuit.optimism import Optimism
from kundenstamm.worth.pursuit.plan import MONTHS, Plan, PlanError, Pool

LEVEL = 0.8
DRAWS = 2_000
SEED = 20_260_101
# How uncertain the share that stays is, on the scale of log odds.
STAYING_SPREAD = 0.5


@dataclass(frozen=True)
class Try:
    """What trying to win a customer brings on average; money of today.

    Attributes
    ----------
    if_won
        Present value of the customer, winning not taken off.
    most
        The most that winning may still cost: ``chance × if_won``, not below nil.
    expected
        ``chance × if_won`` less what winning still costs.
    walk_away
        The rebate at which ``expected`` is nil; None where nothing would be paid. Negative: not
        even without a rebate.
    """

    if_won: float
    most: float
    expected: float
    walk_away: float | None


def present_value(plan: Plan, pools: Sequence[Pool]) -> float:
    """Of the customer once won, in money of today; before overtime and winning."""
    service = plan.service(pools)
    months = plan.growing() * plan.margin() - service
    return float((months * plan.there() * plan.worth_today()).sum())


def worth_trying(plan: Plan, pools: Sequence[Pool], *, chance: float, winning: float) -> Try:
    """What a try is worth.

    Parameters
    ----------
    chance
        Of winning, 0 to 1.
    winning
        What is still to be spent on winning, whether it succeeds or not; money of the month before
        the first delivery.

    Raises
    ------
    PlanError
        The chance is no chance, or the spending negative.
    """
    if not 0 <= chance <= 1:
        raise PlanError(f"chance is {chance}; it must be from 0 to 1.")
    if winning < 0:
        raise PlanError(f"winning is {winning}; it must be not below 0.")
    value = present_value(plan, pools)
    spent = winning * float(plan.worth_today()[0])
    return Try(
        if_won=value,
        most=max(chance * value, 0.0),
        expected=chance * value - spent,
        walk_away=_walk_away(plan, value, spent / chance) if chance > 0 else None,
    )


def interval_if_won(
    plan: Plan, pools: Sequence[Pool], optimism: Optimism | None = None, level: float = LEVEL
) -> Interval:
    """Between which values the present value of this one customer lies, if won.

    Turnover, the share that stays and the month in which the customer leaves are drawn; always the
    same draws, so that two plans differ by what they say.
    """
    found = draws_if_won(plan, pools, optimism, np.random.default_rng(SEED))
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))


def draws_if_won(
    plan: Plan, pools: Sequence[Pool], optimism: Optimism | None, rng: np.random.Generator
) -> Floats:
    """What this one customer may bring if won, money of today; shape ``(DRAWS,)``."""
    known = optimism or Optimism.of(())
    volume = known.factor * np.exp(known.spread * rng.standard_normal(DRAWS))
    odds = np.log(plan.staying) - np.log1p(-min(plan.staying, 1 - 1e-9))
    staying = 1 / (1 + np.exp(-odds - STAYING_SPREAD * rng.standard_normal(DRAWS)))
    bought = np.cumsum(plan.growing() * plan.margin() * plan.worth_today())
    served = np.cumsum(np.full(plan.months, plan.service(pools)) * plan.worth_today())
    # The last month in which the customer is there, the first being 0.
    lasts = np.floor(np.log(1 - rng.random(DRAWS)) / np.log(staying) * MONTHS)
    last = np.minimum(lasts, plan.months - 1).astype(np.intp)
    return np.asarray(volume * bought[last] - served[last])


def _walk_away(plan: Plan, value: float, required: float) -> float | None:
    """Value falls by the same amount with each point of rebate."""
    months = plan.growing() * plan.there() * plan.worth_today()
    whole = float(months.sum()) * plan.rebate_costs()
    return plan.rebate + (value - required) / whole if whole > 0 else None
