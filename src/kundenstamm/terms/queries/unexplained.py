"""Given without agreement: reductions whose cause nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max, QuerySet, Sum

from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.ledger.models import Entry, EntryKind
from kundenstamm.terms.models import Agreement, Kind
from kundenstamm.terms.queries.costs import YEAR

SHOWN = 20
# Which kinds of agreement could have caused an entry of a kind.
CAUSES = {
    EntryKind.DISCOUNT: (Kind.REBATE, Kind.TIERED, Kind.PROMOTION, Kind.PAYMENT_TERM),
    EntryKind.REBATE: (Kind.REBATE, Kind.TIERED),
    EntryKind.BONUS: (Kind.BONUS,),
    EntryKind.PROMOTION: (Kind.PROMOTION,),
}


@dataclass(frozen=True)
class Unexplained:
    """One customer's reductions of a kind; ``promised``: there is an agreement, but none fits."""

    customer: Customer
    kind: EntryKind
    entries: int
    amount: Decimal
    last: date
    promised: bool


def unexplained_entries(actor: User, as_of: date) -> QuerySet[Entry]:
    """Reductions of the last 12 months that stand and have no agreement."""
    return Entry.objects.visible_to(actor).filter(
        kind__gte=30, kind__lte=39, date__gt=as_of - YEAR, date__lte=as_of,
        agreement_link__isnull=True, reverses__isnull=True, reversals__isnull=True,
    )  # fmt: skip


def unexplained(actor: User, as_of: date, shown: int = SHOWN) -> list[Unexplained]:
    """By customer and kind, the greatest first."""
    rows = (
        unexplained_entries(actor, as_of)
        .values("customer", "kind")
        .annotate(entries=Count("pk"), amount=-Sum("amount"), last=Max("date"))
        .order_by("-amount", "customer", "kind")[:shown]
    )
    found = list(rows)
    customers = Customer.objects.visible_to(actor).in_bulk([row["customer"] for row in found])
    promised = _promised(actor, list(customers))
    return [
        Unexplained(
            customers[row["customer"]], EntryKind(row["kind"]), row["entries"], row["amount"],
            row["last"], any((row["customer"], each) in promised for each in _causes(row["kind"])),
        )
        for row in found
        if row["customer"] in customers
    ]  # fmt: skip


def _causes(kind: int) -> tuple[Kind, ...]:
    return CAUSES[EntryKind(kind)]


def _promised(actor: User, customers: list[int]) -> set[tuple[int, str]]:
    known = Agreement.objects.visible_to(actor).filter(customer__in=customers)
    return set(known.values_list("customer", "kind"))
