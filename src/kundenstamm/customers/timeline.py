"""One timeline per customer: each room registers what it has to tell, and here it becomes one.

A source tells a customer's events newest first, as few as it is asked for: whatever the rooms are,
the merge needs no more of each than the page holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from kundenstamm.customers.models import Customer
    from kundenstamm.guard.models import User

A_DAY = timedelta(days=1)
# Of what only the day is known: it stands below what happened that day at a time.
NO_TIME = datetime.min.replace(tzinfo=UTC)


class Department(models.TextChoices):
    """Whose work an event tells of."""

    SALES = "sales", _("Sales")
    SERVICE = "service", _("Service")
    DELIVERY = "delivery", _("Delivery")
    ACCOUNTING = "accounting", _("Accounting")
    MANAGEMENT = "management", _("Management")


@dataclass(frozen=True)
class Kind:
    """What can be filtered by."""

    name: str
    label: _StrPromise
    department: Department


@dataclass(frozen=True)
class Event:
    """Something that happened with a customer.

    ``msgid`` and ``params`` are translated where they are shown; amounts (`Decimal`) and days are
    written there, too, and what the reader may not see is masked in them already. ``evidence``:
    what to look at, by the name that its room gives it, and its key; ``of``: the row behind it.
    """

    kind: str
    day: date
    msgid: str
    params: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    by: str = ""
    evidence: tuple[str, Any] | None = None
    of: models.Model | None = None

    @property
    def place(self) -> tuple[date, datetime]:
        """What the newest first is told by."""
        return self.day, self.at or NO_TIME


@dataclass(frozen=True)
class Asked:
    """Whose timeline, for whom: events of some kinds, up to a day (``through``)."""

    actor: User
    customer: Customer
    kinds: frozenset[str]
    today: date
    through: date
    limit: int

    @property
    def before(self) -> datetime:
        """The moment at which the last day that is asked for is over."""
        return timezone.make_aware(datetime.combine(self.through + A_DAY, time.min))


@dataclass(frozen=True)
class Source:
    """What one room tells: events of some kinds, newest first, of those asked for."""

    kinds: tuple[Kind, ...]
    events: Callable[[Asked], Iterable[Event]]


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: with a day, after so many of its events."""

    through: date
    skip: int = 0


@dataclass(frozen=True)
class Page:
    """Some events; ``earlier``: where those before them begin, None at the end."""

    events: list[Event]
    earlier: Cursor | None


SOURCES: list[Source] = []


def register(*sources: Source) -> None:
    """Add what a room tells; each app does so once it is ready."""
    SOURCES.extend(each for each in sources if each not in SOURCES)


def kinds(department: str = "") -> list[Kind]:
    """What there is to filter by, by department."""
    found = {kind.name: kind for source in SOURCES for kind in source.kinds}
    order = list(Department)
    chosen = [kind for kind in found.values() if department in ("", kind.department)]
    return sorted(chosen, key=lambda kind: order.index(kind.department))


def timeline(
    actor: User,
    customer: Customer,
    *,
    today: date,
    size: int,
    start: Cursor | None = None,
    wanted: Iterable[str] | None = None,
) -> Page:
    """A customer's events of some kinds (all, if none are named), newest first."""
    begins = start if start is not None and start.through <= today else Cursor(today)
    every = frozenset(kind.name for kind in kinds())
    asked = Asked(
        actor,
        customer,
        every if wanted is None else every & frozenset(wanted),
        today,
        begins.through,
        begins.skip + size + 1,
    )
    streams = [source.events(asked) for source in SOURCES if _tells(source, asked)]
    merged = merge(*streams, key=lambda event: event.place, reverse=True)
    found = list(islice(merged, begins.skip, begins.skip + size + 1))
    return Page(found[:size], _earlier(found, size, begins))


def newest(asked: Asked, events: Iterable[Event]) -> list[Event]:
    """For a source that has few rows: those asked for, in order."""
    last = asked.through
    chosen = [each for each in events if each.day <= last and each.kind in asked.kinds]
    return sorted(chosen, key=lambda event: event.place, reverse=True)[: asked.limit]


def local_day(at: datetime) -> date:
    """The company's day of a moment."""
    return timezone.localtime(at).date()


def _tells(source: Source, asked: Asked) -> bool:
    return any(kind.name in asked.kinds for kind in source.kinds)


def _earlier(found: list[Event], size: int, begins: Cursor) -> Cursor | None:
    """The day of the first one that is not shown, and how many of that day were."""
    if len(found) <= size:
        return None
    day = found[size].day
    shown = sum(event.day == day for event in found[:size])
    return Cursor(day, shown + (begins.skip if day == begins.through else 0))
