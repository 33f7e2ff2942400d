"""What one customer bought: by day for the rhythm, by document for reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, Sum
from django.db.models.fields.tuple_lookups import TupleLessThan

from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.ledger.models import Entry, EntryKind, Line

NET = Q(kind__lt=EntryKind.COGS)
GOODS_AND_ABOVE = Q(kind__lt=EntryKind.ORDER)
# A reversal and what it reverses are one position that is not there any more.
POSITIONS = Count("pk", filter=Q(kind__lt=EntryKind.DISCOUNT, estimated=False))


@dataclass(frozen=True)
class Day:
    """Net sales of one day; positive ones make it a purchase occasion."""

    day: date
    net: Decimal

    @property
    def is_occasion(self) -> bool:
        return self.net > 0


@dataclass(frozen=True)
class Document:
    """What one document brought on one day; ``estimated``: its goods are, in part at least."""

    day: date
    source: int
    number: str
    positions: int
    net: Decimal
    contribution_1: Decimal
    estimated: bool

    @property
    def cursor(self) -> str:
        return f"{self.day.isoformat()}/{self.source}/{self.number}"


@dataclass(frozen=True)
class Documents:
    rows: list[Document]
    after: str | None


def purchase_days(actor: User, customer: Customer) -> list[Day]:
    """Days on which net sales moved, oldest first; what was taken back leaves nothing."""
    entries = Entry.objects.visible_to(actor).filter(NET, customer=customer)
    sums = entries.values("date").annotate(net=Sum("amount")).order_by("date")
    return [Day(row["date"], row["net"]) for row in sums if row["net"]]


def documents(
    actor: User,
    customer: Customer,
    *,
    after: str | None = None,
    only: str | None = None,
    size: int = 20,
) -> Documents:
    """The customer's documents, newest first, from the one that ``after`` names on, or one only.

    Raises
    ------
    ValueError
        ``after`` or ``only`` is no document's cursor.
    """
    lines = Line.objects.visible_to(actor).filter(GOODS_AND_ABOVE, customer=customer)
    if after is not None:
        place = (F("date"), F("source"), F("document"))
        lines = lines.filter(TupleLessThan(place, _place(after)))
    if only is not None:
        lines = lines.filter(**dict(zip(("date", "source", "document"), _place(only), strict=True)))
    sums = (
        lines.values("date", "source", "document")
        .annotate(
            positions=POSITIONS,
            net=Sum("amount", filter=NET, default=Decimal(0)),
            contribution_1=Sum("amount"),
            guessed=Sum("amount", filter=Q(estimated=True), default=Decimal(0)),
        )
        .filter(~Q(net=0) | ~Q(contribution_1=0))
        .order_by("-date", "-source", "-document")[: size + 1]
    )
    rows = [
        Document(
            row["date"],
            row["source"],
            row["document"],
            row["positions"],
            row["net"],
            row["contribution_1"],
            row["guessed"] != 0,
        )
        for row in sums
    ]
    return Documents(rows[:size], rows[size - 1].cursor if len(rows) > size else None)


def _place(cursor: str) -> tuple[date, int, str]:
    parts = cursor.split("/", 2)
    if len(parts) != 3:
        raise ValueError(f"{cursor!r} names no document.")
    day, source, number = parts
    return date.fromisoformat(day), int(source), number
