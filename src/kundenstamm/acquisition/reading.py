"""What the growth page reads: stored sums of everybody, plus those of whom they do not tell.

A person who knows everybody is told the stored sums, over those who are open to all, and the few
left out whom this person knows are added up and added. Who knows some, and anybody from whom
somebody is hidden whom the stored sums hold (made confidential since), is told sums over whom they
know, added up when asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from kundenstamm.acquisition import adding
from kundenstamm.acquisition.adding import AGES, MONTHS
from kundenstamm.acquisition.models import Arrival, ChannelAge, ChannelMonth, Growing
from kundenstamm.guard.models import User
from kundenstamm.guard.queries import known_customers
from kundenstamm.guard.rights import Reach, reach_of
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


def told(actor: User, made: Growing, way: Attribution) -> Told:
    """Over the customers that the actor knows."""
    if reach_of(actor) is not Reach.ALL or not _hidden(actor) <= set(made.left_out):
        who = known_customers(actor, "arrival.customer_id")
        counted = Arrival.objects.visible_to(actor).filter(day=None).count()
        return Told(_channels(adding.months(who, [], way), adding.ages(who, [], way)), counted)
    months = ChannelMonth.objects.filter(way=way).values_list("way", "channel", "month", *MONTHS)
    ages = ChannelAge.objects.filter(way=way).values_list("way", "channel", "year", "month", *AGES)
    if not made.left_out:
        return Told(_channels(months, ages), made.prospects)
    who = f"arrival.customer_id = ANY(%s) AND {known_customers(actor, 'arrival.customer_id')}"
    told: Sequence[Any] = [made.left_out]
    added = _channels(
        [*months, *adding.months(who, told, way)], [*ages, *adding.ages(who, told, way)]
    )
    known = Arrival.objects.visible_to(actor).filter(day=None, customer__in=made.left_out)
    return Told(added, made.prospects + known.count())


def _hidden(actor: User) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT customers_hidden_from(%s)", [actor.pk])
        return set(cursor.fetchone()[0])


def _channels(
    months: Iterable[tuple[Any, ...]], ages: Iterable[tuple[Any, ...]]
) -> dict[str, OfChannel]:
    found: dict[str, OfChannel] = defaultdict(OfChannel)
    for _way, channel, month, customers, won, regulars, took, *sums in months:
        each = found[channel].months[month]
        each.customers += customers
        each.won = round(each.won + won, DIGITS)
        each.regulars = round(each.regulars + regulars, DIGITS)
        each.took = round(each.took + took, DIGITS)
        each.expected += Sums(*sums)
    for _way, channel, year, month, brought, *sums in ages:
        place = found[channel].ages
        place[year, month] = _both(place.get((year, month)), Age(brought, Sums(*sums)))
    return found


def _both(one: Age | None, other: Age) -> Age:
    if one is None:
        return other
    return Age(one.brought + other.brought, one.so_far + other.so_far)
