"""Agreements that end or come round soon: nothing goes on because nobody looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from kundenstamm.customers.models import Assignment
from kundenstamm.guard.models import User
from kundenstamm.terms.models import Agreement
from kundenstamm.terms.queries.overview import SOON

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Reminder:
    """``day``: the last day of an agreement, or the day on which an endless one is a year older."""

    agreement: Agreement
    day: date

    @property
    def is_endless(self) -> bool:
        return self.agreement.valid_to is None


def reminders(actor: User, day: date) -> list[Reminder]:
    """For whoever agreed or proposed it, and whoever serves the customer; the nearest first.

    What has been renewed already needs no reminder.
    """
    mine = (
        Q(agreed_by=actor)
        | Q(proposal__proposed_by=actor)
        | Q(proposal_of_days__proposed_by=actor)
        | Q(customer__in=_served(actor, day))
    )
    ends = Q(valid_to__isnull=True) | Q(valid_to__range=(day, day + SOON))
    known = Agreement.objects.visible_to(actor).filter(customer__withdrawn=False)
    found = known.filter(mine, ends, valid_from__lte=day, renewals__isnull=True)
    related = found.select_related("customer", "product", "category").with_tiers(actor)
    due = [Reminder(each, each.valid_to or _anniversary(each.valid_from, day)) for each in related]
    soon = [each for each in due if each.day <= day + SOON]
    return sorted(soon, key=lambda each: (each.day, each.agreement.pk))


def _served(actor: User, day: date) -> list[int]:
    lasting = Q(ends__isnull=True) | Q(ends__gte=day)
    own = Assignment.objects.visible_to(actor).filter(representative__user=actor)
    return list(own.filter(lasting, starts__lte=day).values_list("customer", flat=True))


def _anniversary(began: date, day: date) -> date:
    """The next day on which it has held for whole years.

    >>> _anniversary(date(2024, 2, 29), date(2026, 2, 1))
    datetime.date(2026, 3, 1)
    >>> _anniversary(date(2026, 1, 1), date(2026, 1, 1))
    datetime.date(2027, 1, 1)
    """
    year = day.year if day.year > began.year else began.year + 1
    found = _same_day(began, year)
    return found if found >= day else _same_day(began, year + 1)


def _same_day(began: date, year: int) -> date:
    """The first of March where there is no 29 February."""
    try:
        return began.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
