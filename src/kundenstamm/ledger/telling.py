"""What this room tells of a customer: its sales and returns, by document."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kundenstamm.customers.timeline import Asked, Department, Event, Kind, Source
from kundenstamm.guard.masks import HIDDEN, sees
from kundenstamm.ledger.models import Entry, EntryKind

SALE = Kind("sale", _("Purchases"), Department.SALES)
RETURN = Kind("return", _("Returns"), Department.SALES)

NIL = Decimal(0)
_SOLD = Q(kind=EntryKind.SALE)
_BACK = Q(kind__in=(EntryKind.RETURN, EntryKind.CREDIT_NOTE))
_SAYS = {
    "sale": gettext_noop("Document {document}: {amount} net"),
    "return": gettext_noop("Returned or credited with {document}: {amount}"),
}


def documents(asked: Asked) -> list[Event]:
    """One for each document of a day; what was taken back in the ledger leaves nothing."""
    lines = Entry.objects.visible_to(asked.actor).filter(
        customer=asked.customer, date__lte=asked.through, kind__lt=EntryKind.COGS
    )
    sums = (
        lines.values("date", "source", "document")
        .annotate(
            sold=Sum("amount", filter=_SOLD, default=NIL),
            back=Sum("amount", filter=_BACK, default=NIL),
            net=Sum("amount"),
        )
        .filter(_wanted(asked))
        .order_by(F("date").desc(), F("source").desc(), F("document").desc())[: asked.limit]
    )
    plain = sees(asked.actor, "document.prices")
    return [_event(row, plain=plain) for row in sums]


def _wanted(asked: Asked) -> Q:
    """With sales it is a sale; without, but with something returned, a return."""
    sale, back = ~Q(sold=NIL), Q(sold=NIL) & ~Q(back=NIL)
    if "return" not in asked.kinds:
        return sale
    return sale | back if "sale" in asked.kinds else back


def _event(row: Mapping[str, Any], *, plain: bool) -> Event:
    kind = "sale" if row["sold"] else "return"
    number, day = row["document"], row["date"]
    # One without a number of its own has a made-up one.
    told = _("without number") if number.startswith("~") else number
    params = {"document": told, "amount": row["net"] if plain else HIDDEN}
    return Event(kind, day, _SAYS[kind], params, evidence=("document", (number, day)))


SOURCES = (Source((SALE, RETURN), documents),)
