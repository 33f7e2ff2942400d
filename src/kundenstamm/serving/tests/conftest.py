"""A small company: two pools, four kinds of work, three customers, one month."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

import pytest

from kundenstamm.customers.models import Customer
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.kit.months import Month
from kundenstamm.ledger.models import EntryKind, Source
from kundenstamm.serving.actions import enter_activity_type, enter_pool_month
from kundenstamm.serving.models import Activity

AT = datetime(2026, 6, 3, 9, tzinfo=UTC)
MAY = Month(date(2026, 5, 1))


@pytest.fixture
def frieda(db):
    return ensure_owner(at=AT, email="frieda@example.com", name="Frieda")


@pytest.fixture
def customers(db):
    return [Customer.objects.create(number=n, name=n, created_at=AT) for n in ("K1", "K2", "K3")]


@pytest.fixture
def company(frieda, customers):
    """Office: 1000 for 1000 minutes of 1250. Field: 3000 for 600 of 600. Types by code."""
    by = {"actor": frieda, "at": AT}
    office = enter_pool_month("Office", MAY, Decimal(1000), Decimal(1250), **by).pool
    field = enter_pool_month("Field", MAY, Decimal(3000), Decimal(600), Decimal(1), **by).pool
    lines = {"lines": Decimal("1.5")}
    return {
        "order": enter_activity_type("order", office, EntryKind.ORDER, Decimal(4), lines, **by),
        "call": enter_activity_type("call", office, EntryKind.SUPPORT, Decimal(10), **by),
        "visit": enter_activity_type("visit", field, EntryKind.VISIT, Decimal(60), **by),
    }


@pytest.fixture
def act(company, customers):
    """Note one activity; ``who`` counts customers."""
    source = Source.objects.create(name="Diary")
    numbers = count(1)

    def note(code, who=0, *, day=date(2026, 5, 11), minutes=None, **drivers):
        return Activity.objects.create(
            customer=customers[who], type=company[code], date=day, minutes=minutes,
            drivers=drivers, source=source, document=f"D{next(numbers)}",
        )  # fmt: skip

    return note
