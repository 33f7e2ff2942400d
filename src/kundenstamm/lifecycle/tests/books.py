"""Books to test on: customers and entries as short as a test can say them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.ledger.models import Batch, Entry, Source

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
AS_OF = date(2026, 2, 28)

_numbers = count(1)


def customers(*names: str) -> list[Customer]:
    return Customer.objects.bulk_create(
        Customer(number=f"K{next(_numbers)}", name=name, created_at=AT) for name in names
    )


def post(actor: User, lines: Iterable[tuple[Customer, date, int, Decimal | int | str]]) -> None:
    """Entries without products: their goods are estimated with the overall margin."""
    source, _ = Source.objects.get_or_create(name="books")
    batch = Batch.objects.create(kind="sales", source=source, actor=actor, made_at=AT)
    Entry.objects.bulk_create(
        Entry(
            customer=customer,
            date=day,
            kind=kind,
            amount=Decimal(amount),
            source=source,
            batch=batch,
            document=f"B{batch.pk}",
            line=line,
        )
        for line, (customer, day, kind, amount) in enumerate(lines, 1)
    )
