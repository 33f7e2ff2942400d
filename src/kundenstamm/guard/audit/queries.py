"""Which entries? Newest first, found by where the last page ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from kundenstamm.guard.audit.narrowing import FEW_CUSTOMERS
from kundenstamm.guard.models import Alarm, AuditEntry, AuditLink, User

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What the entries are narrowed to; days are the company's, both ends included."""

    person: int | None = None
    customer: int | None = None
    kind: str = ""
    channel: str = ""
    request: str = ""
    first: date | None = None
    last: date | None = None

    def condition(self) -> Q:
        found = Q()
        for name, value in (
            ("actor", self.person),
            ("kind", self.kind),
            ("channel", self.channel),
            ("request", self.request),
            ("at__gte", _beginning(self.first)),
            ("at__lt", _beginning(self.last, days=1)),
        ):
            if value:
                found &= Q((name, value))
        if self.customer:
            about = Q(customers__contains=[self.customer])
            # Each half has an index that only takes its part.
            found &= (FEW_CUSTOMERS & about) | (~FEW_CUSTOMERS & about)
        return found


@dataclass(frozen=True)
class Entries:
    """One page, which of its entries are sealed, and where the next page begins."""

    rows: list[AuditEntry]
    sealed: set[int]
    after: int | None


def entries(actor: User, wanted: Wanted, *, after: int | None = None, size: int = PAGE) -> Entries:
    """The entries that follow ``after``, or the newest ones."""
    found: QuerySet[AuditEntry] = AuditEntry.objects.visible_to(actor).filter(wanted.condition())
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found.order_by("-pk")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    return Entries(rows, _sealed(rows), rows[-1].pk if more else None)


def alarms(actor: User) -> QuerySet[Alarm]:
    """Alarms, those that nobody has seen first."""
    found = Alarm.objects.visible_to(actor).select_related("person", "seen_by")
    return found.order_by("-seen_at", "-at")


def unseen_alarms(actor: User) -> int:
    """How many wait to be seen."""
    return Alarm.objects.visible_to(actor).filter(seen_at=None).count()


def _beginning(day: date | None, days: int = 0) -> datetime | None:
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=days), time.min))


def _sealed(rows: list[AuditEntry]) -> set[int]:
    return set(
        AuditLink.objects.filter(entry__in=[row.pk for row in rows]).values_list("entry", flat=True)
    )
