"""How the invented customers would answer to measures, and how full the pools are: hidden truth.

Drawn from streams of their own, with no regard to what any rule assumes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kundenstamm.worth.levels import Kind
from kundenstamm.worth.synthetic.base import Buyer
from kundenstamm.worth.synthetic.company import Plan
from kundenstamm.worth.synthetic.people import POOLS

POOL_OF: Mapping[Kind, str] = {
    Kind.ORDER: "Innendienst",
    Kind.DELIVERY: "Lager und Versand",
    Kind.VISIT: "Außendienst",
    Kind.SUPPORT: "Innendienst",
    Kind.COMPLAINT: "Kundendienst",
}


@dataclass(frozen=True)
class Reaction:
    """One customer's answers.

    Attributes
    ----------
    price
        The largest rise of prices it bears; beyond, it buys elsewhere.
    patience
        Days it waits to gather a minimum order; after them it buys that elsewhere.
    care
        Share of today's visits and calls below which it leaves.
    follows
        Whether it would buy from a dealer instead, and the dealer would take it.
    dealer_work
        Share of handling that would be left to us then.
    """

    price: float
    patience: float
    care: float
    follows: bool
    dealer_work: float


@dataclass(frozen=True)
class Load:
    """One pool: what it can work in a month, and how much of freed time is not paid any more.

    Attributes
    ----------
    fullness
        Usual minutes of a month ÷ those it can work.
    elastic
        Share of freed minutes that is given back at once: hours on call, part-time hands.
    """

    fullness: float
    elastic: float


def reactions(plan: Plan, made: Sequence[Buyer]) -> dict[str, Reaction]:
    """By customer number."""
    rng = plan.stream("reactions")
    return {
        buyer.number: Reaction(
            price=float(rng.lognormal(np.log(0.12), 0.7)),
            patience=float(rng.lognormal(np.log(30), 0.7)),
            care=float(rng.random() ** 2),
            follows=bool(rng.random() < 0.6) and buyer.link != "dealer",
            dealer_work=float(rng.uniform(0.1, 0.5)),
        )
        for buyer in made
    }


def loads(plan: Plan) -> dict[str, Load]:
    """By pool: from half empty to working overtime."""
    rng = plan.stream("loads")
    return {
        name: Load(float(rng.uniform(0.6, 1.15)), float(rng.uniform(0.0, 0.4)))
        for name, _cost, _capacity in POOLS
    }
