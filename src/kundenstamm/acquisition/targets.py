"""Whom to look for: the best customers by what was known at the start, and prospects like them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.expressions import RawSQL

from kundenstamm.acquisition.models import Arrival
from kundenstamm.acquisition.preparing import newest
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, demand
from kundenstamm.worth.acquisition.likeness import Likeness, Resembles, Why, steady

A_YEAR = 12
SHOWN = 50
# What a single customer had tells of that one only.
AT_LEAST = 3
TRAITS = ("trade", "region", "link", "kind")


@dataclass(frozen=True)
class _Traits:
    """What was known of one customer at the start, and its first year, money."""

    customer: int
    first_year: float
    traits: dict[str, str]


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
    """Of customers that the actor knows; None before the first pass.

    Raises
    ------
    Forbidden
        The actor may not see what channels cost and bring.
    """
    demand(actor, Right.MARKETING)
    if newest() is None:
        return None
    known, waiting = _known(actor), _waiting(actor)
    if not known:
        return Targets(0, None, [], [], _listed(actor, waiting, None), len(waiting))
    sums = [each.first_year for each in known]
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


def _known(actor: User) -> list[_Traits]:
    """Customers for a whole year since the books began, and what it brought."""
    first_year = RawSQL("so_far[%s]::float8", [A_YEAR])
    rows = Arrival.objects.visible_to(actor).filter(months__len__gte=A_YEAR)
    return _described(rows.annotate(first_year=first_year))


def _waiting(actor: User) -> list[_Traits]:
    """Who has not bought yet."""
    rows = Arrival.objects.visible_to(actor).filter(day=None)
    return _described(rows.annotate(first_year=Value(0.0)))


def _described(rows: QuerySet[Any]) -> list[_Traits]:
    names = ("customer", "first_year", "path__codes", *(f"customer__{trait}" for trait in TRAITS))
    return [
        _Traits(pk, year, dict(zip(TRAITS, told, strict=True)) | {"channel": codes.split(",")[0]})
        for pk, year, codes, *told in rows.order_by("customer").values_list(*names)
    ]


def _listed(actor: User, waiting: list[_Traits], likeness: Likeness | None) -> list[Prospect]:
    """Those who resemble the best most come first."""
    nothing = Resembles(0.0, ())
    told = [(each.customer, likeness.of(each.traits) if likeness else nothing) for each in waiting]
    told.sort(key=lambda row: -row[1].expected)
    shown = told[:SHOWN]
    named = Customer.objects.visible_to(actor).in_bulk([pk for pk, _resembles in shown])
    return [Prospect(named[pk], resembles) for pk, resembles in shown if pk in named]
