"""Which entries?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Sum
from django.db.models.fields.tuple_lookups import TupleLessThan
from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.ledger.models import Batch, Line

PAGE = 100

# Level or subtotal → words, first and last kind that belong to it.
LEVELS = {
    "gross_sales": (_("Gross sales"), 10, 19),
    "returns": (_("Returns"), 20, 29),
    "reductions": (_("Price reductions"), 30, 39),
    "net_revenue": (_("Net revenue"), 10, 39),
    "goods": (_("Goods and services"), 40, 49),
    "contribution_1": (_("Contribution I"), 10, 49),
    "cost_to_serve": (_("Cost to serve"), 50, 59),
    "contribution_2": (_("Contribution II"), 10, 59),
    "winning": (_("Winning and keeping"), 60, 69),
    "contribution_3": (_("Contribution III"), 10, 69),
}


@dataclass(frozen=True)
class Entries:
    """A page of entries, newest first; ``total`` is of all of them, not of the page."""

    rows: list[Line]
    total: Decimal
    after: str


def entries_of(
    actor: User,
    customer: Customer,
    *,
    level: str = "",
    document: str = "",
    day: str = "",
    first_day: str = "",
    last_day: str = "",
    after: str = "",
) -> Entries:
    """Entries and estimated goods of one customer, of one level, document, day or period.

    What cannot be read as a level, a day or a place to go on from does not narrow.
    """
    found = Line.objects.visible_to(actor).filter(customer=customer)
    if level in LEVELS:
        _label, first, last = LEVELS[level]
        found = found.filter(kind__gte=first, kind__lte=last)
    if document:
        found = found.filter(document=document)
    days = {"date": _day(day), "date__gte": _day(first_day), "date__lte": _day(last_day)}
    found = found.filter(**{lookup: each for lookup, each in days.items() if each is not None})
    total = found.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    place = _place(after)
    if place is not None:
        found = found.filter(TupleLessThan((F("date"), F("entry_id"), F("kind")), place))
    rows = list(found.select_related("product").order_by("-date", "-entry_id", "-kind")[: PAGE + 1])
    last_row = rows[PAGE - 1] if len(rows) > PAGE else None
    more = f"{last_row.date}/{last_row.entry_id}/{last_row.kind}" if last_row else ""
    return Entries(rows[:PAGE], total, more)


def recent_batches(actor: User, limit: int = 20) -> list[Batch]:
    """The newest batches that can be taken back; an undo stands beside what it undid."""
    if not actor.is_authenticated:
        return []
    others = (
        Batch.Kind.UNDO, Batch.Kind.ALLOCATION, Batch.Kind.ACCRUAL, Batch.Kind.MERGE,
    )  # fmt: skip
    batches = Batch.objects.exclude(kind__in=others).select_related("undone_by", "source")
    return list(batches.order_by("-id")[:limit])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _place(text: str) -> tuple[date, int, int] | None:
    parts = text.split("/")
    day = _day(parts[0])
    if day is None or len(parts) != 3 or not (parts[1].isdecimal() and parts[2].isdecimal()):
        return None
    return day, int(parts[1]), int(parts[2])
