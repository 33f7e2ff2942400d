"""What became of the customers of who left: the year after, beside comparable customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.db.models import F, Q, QuerySet, Sum

from kundenstamm.customers.models import Assignment, Customer
from kundenstamm.customers.timeline import local_day
from kundenstamm.departures.frames import LOSS_RATE
from kundenstamm.departures.models import Departure, HandoverLine
from kundenstamm.guard.models import User
from kundenstamm.guard.queries import sees_whole_base
from kundenstamm.ledger.models import Entry, EntryKind
from kundenstamm.worth.handover.afterwards import Afterwards, afterwards, learned_rate

YEAR = timedelta(days=365)
# Fewer days after the departure say nothing.
SOONEST = timedelta(days=90)


@dataclass(frozen=True)
class Back:
    """Net sales since the departure against the same days a year earlier; at most a year."""

    told: Afterwards
    first: date
    last: date
    comparable: int

    @property
    def saved(self) -> float:
        """How much less was lost than elsewhere on average; money, not below nil."""
        return max(self.told.less_than(LOSS_RATE), 0.0)

    @property
    def exceeded(self) -> float:
        """How much more was lost than elsewhere on average; money, not below nil."""
        return max(-self.told.less_than(LOSS_RATE), 0.0)

    @property
    def is_whole(self) -> bool:
        return self.last - self.first >= YEAR - timedelta(days=1)


def looking_back(departure: Departure, actor: User, today: date) -> Back | None:
    """By what the actor knows; None too soon, or where there is too little to compare.

    Comparable is whoever bought before and has been served by the same people in both years.
    """
    if departure.ended_at is None:
        return None
    first = local_day(departure.ended_at)
    last = min(today, first + YEAR - timedelta(days=1))
    if last - first < SOONEST:
        return None
    lines = HandoverLine.objects.visible_to(actor).exclude(handed_over_at=None)
    ours = set(lines.filter(departure=departure).values_list("customer", flat=True))
    others = set(_served_alike(actor, first, last).values_list("pk", flat=True))
    others -= set(lines.values_list("customer", flat=True))
    before = _sales(actor, first - YEAR, last - YEAR)
    after = _sales(actor, first, last)
    told = afterwards(*_pair(before, after, ours), *_pair(before, after, others))
    return Back(told, first, last, len(others & set(before))) if told is not None else None


def own_rate(actor: User, today: date) -> float:
    """What goes in the first year with who leaves: believed, and learned from whole years."""
    gone = Departure.objects.visible_to(actor).filter(ended_at__isnull=False)
    backs = (looking_back(each, actor, today) for each in gone)
    whole = [each.told for each in backs if each and each.is_whole]
    return learned_rate(LOSS_RATE, [(each.rate, each.customers) for each in whole])


def learn(*, actor: User, at: datetime) -> int:
    """Keep what the year after each departure told, by what the owner knows; how many there were.

    Once: what is booked later does not change what was learned.
    """
    today, number = local_day(at), 0
    for each in Departure.objects.filter(ended_at__lte=at - YEAR, year_customers=None):
        back = looking_back(each, actor, today)
        each.year_rate = back.told.rate if back else None
        each.year_customers = back.told.customers if back else 0
        each.save(update_fields=["year_rate", "year_customers"])
        number += 1
    return number


def own_rates(actor: User, believed: tuple[float, float]) -> tuple[float, float] | None:
    """From what to what goes with who leaves, learned from years that are over.

    ``believed``: seen elsewhere; both ends are drawn to what was seen here. None without any, and
    for who does not see everybody: others are in it.
    """
    gone = Departure.objects.visible_to(actor).filter(year_customers__gt=0)
    rows = gone.values_list("year_rate", "year_customers") if sees_whole_base(actor) else ()
    told = [(rate or 0.0, customers or 0) for rate, customers in rows]
    if not told:
        return None
    low, high = (learned_rate(end, told) for end in believed)
    return low, high


def _served_alike(actor: User, first: date, last: date) -> QuerySet[Customer]:
    """Customers whose assignments neither began nor ended in the two years."""
    changing = Q(starts__gt=first - YEAR, starts__lte=last) | Q(
        ends__gte=first - YEAR, ends__lt=last
    )
    known = Customer.objects.visible_to(actor).filter(withdrawn=False, merged_into=None)
    # Only assignments of these are asked for, so this needs no second narrowing.
    moved = Assignment.objects.filter(changing).values("customer")
    held = Assignment.objects.filter(starts__lte=first - YEAR).values("customer")
    return known.filter(pk__in=held).exclude(pk__in=moved)


def _sales(actor: User, first: date, last: date) -> dict[int, float]:
    """Customer → net sales of the days from the first to the last one."""
    found = Entry.objects.visible_to(actor).filter(
        kind__lt=EntryKind.COGS, date__gte=first, date__lte=last
    )
    told = found.order_by().values("customer").annotate(sum=Sum(F("amount")))
    return {row["customer"]: float(row["sum"]) for row in told}


def _pair(
    before: dict[int, float], after: dict[int, float], customers: set[int]
) -> tuple[np.ndarray, np.ndarray]:
    order = sorted(customers)
    return (
        np.array([before.get(pk, 0.0) for pk in order]),
        np.array([after.get(pk, 0.0) for pk in order]),
    )
