"""What the growth page reads: sums by channel over the customers that the reader knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from kundenstamm.guard.models import User
from kundenstamm.worth.acquisition.attribution import Attribution
from kundenstamm.worth.acquisition.channels import Age
from kundenstamm.worth.acquisition.sums import Sums

# Parts of customers are sums of rounded fractions: what is left of nobody is nothing.
DIGITS = 9


@dataclass
class Month:
    """Customers won in a month, by a channel's credit; ``took``: money that winning took in it."""

    customers: int = 0
    won: float = 0.0
    regulars: float = 0.0
    took: float = 0.0
    expected: Sums = field(default_factory=Sums)


@dataclass
class OfChannel:
    """By month of the calendar, and by year won and month since."""

    months: dict[date, Month] = field(default_factory=lambda: defaultdict(Month))
    ages: dict[tuple[int, int], Age] = field(default_factory=dict)

    def cohort(self, year: int | None) -> list[Age]:
        """Month after month since the first purchase, of those won in a year, or of all."""
        found: dict[int, Age] = {}
        for (won, month), each in self.ages.items():
            if year in (None, won) and each.so_far.number > 0:
                found[month] = _both(found.get(month), each)
        return [found[month] for month in sorted(found)]

    def won_in(self, year: int | None) -> list[tuple[date, Month]]:
        return [
            (month, each)
            for month, each in sorted(self.months.items())
            if each.customers > 0 and year in (None, month.year)
        ]


@dataclass(frozen=True)
class Told:
    """By code of the channel ("": nobody knows), and how many have not bought yet."""

    channels: dict[str, OfChannel]
    prospects: int


def told(actor: User, way: Attribution) -> Told:
    """Over the customers that the actor knows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM acquisition_known_sums(%s, %s)", [actor.pk, way])
        return _told(cursor.fetchall())


def _told(rows: Iterable[tuple[Any, ...]]) -> Told:
    """Of a month, or of a month since customers were won in a year; without either: prospects."""
    channels: dict[str, OfChannel] = defaultdict(OfChannel)
    prospects = 0
    for channel, month, year, since, customers, won, regulars, took, brought, *sums in rows:
        if month is not None:
            won, regulars, took = (round(each, DIGITS) for each in (won, regulars, took))
            of_month = Month(customers, won, regulars, took, Sums(*sums))
            channels[channel].months[month] = of_month
        elif year is not None:
            channels[channel].ages[year, since] = Age(brought, Sums(*sums))
        else:
            prospects = customers
    return Told(channels, prospects)


def _both(one: Age | None, other: Age) -> Age:
    if one is None:
        return other
    return Age(one.brought + other.brought, one.so_far + other.so_far)
