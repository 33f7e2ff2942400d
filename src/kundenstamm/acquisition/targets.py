"""Whom to look for: the best customers by what was known at the start, and prospects like them."""

from __future__ import annotations

from dataclasses import dataclass

from kundenstamm.acquisition import frames
from kundenstamm.acquisition.frames import Won
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, demand
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.worth.acquisition.likeness import Likeness, Resembles, Why, steady

A_YEAR = 12
SHOWN = 50
# What a single customer had tells of that one only.
AT_LEAST = 3


@dataclass(frozen=True)
class Prospect:
    customer: Customer
    resembles: Resembles


@dataclass(frozen=True)
class Targets:
    """``learned``: from so many customers with a whole year; ``best`` and ``worst``: values of
    traits that move what is expected most, money of a first year."""

    learned: int
    likeness: Likeness | None
    best: list[Why]
    worst: list[Why]
    prospects: list[Prospect]
    others: int


def targets(actor: User) -> Targets | None:
    """Of customers that the actor knows; None before any valuation.

    Raises
    ------
    Forbidden
        The actor may not see what channels cost and bring.
    """
    demand(actor, Right.MARKETING)
    run = latest_run()
    if run is None:
        return None
    found = frames.customers(actor, run)
    known = [each for each in found if len(each.months) >= A_YEAR]
    waiting = [each for each in found if each.day is None]
    if not known:
        return Targets(0, None, [], [], _listed(actor, waiting, None), len(waiting))
    sums = [sum(each.months[:A_YEAR]) for each in known]
    likeness = Likeness.fitted([each.traits for each in known], steady(sums))
    effects = [
        Why(*pair, effect, customers)
        for pair, (effect, customers) in likeness.effects.items()
        if customers >= AT_LEAST
    ]
    ranked = sorted(effects, key=lambda why: -why.effect)
    return Targets(
        len(known), likeness, [w for w in ranked[:8] if w.effect > 0],
        [w for w in ranked[:-6:-1] if w.effect < 0], _listed(actor, waiting, likeness),
        max(len(waiting) - SHOWN, 0),
    )  # fmt: skip


def _listed(actor: User, waiting: list[Won], likeness: Likeness | None) -> list[Prospect]:
    """Those who resemble the best most come first."""
    nothing = Resembles(0.0, ())
    told = [(each.customer, likeness.of(each.traits) if likeness else nothing) for each in waiting]
    told.sort(key=lambda row: -row[1].expected)
    shown = told[:SHOWN]
    named = Customer.objects.visible_to(actor).in_bulk([pk for pk, _resembles in shown])
    return [Prospect(named[pk], resembles) for pk, resembles in shown if pk in named]
