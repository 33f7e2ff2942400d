"""The cast, a prospect of Anna's, and a company with one pool."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from kundenstamm.customers.tests.conftest import AT, TODAY, as_the_site, codes, people, served
from kundenstamm.kit.months import Month
from kundenstamm.pursuits.rules import coming, month_after
from kundenstamm.pursuits.sheets import Sheet, Step
from kundenstamm.serving.models import AllocationRun, Pool, PoolMonth

__all__ = ["AT", "TODAY", "as_the_site", "codes", "people", "served"]
DAY = timedelta(days=1)
BEGINS = coming(TODAY)
# A year of 120,000 at 40 %, with a rebate of 5 %, brings 3,500 a month before serving.
SHEET = Sheet(
    Decimal(120_000), Decimal("0.4"), BEGINS, rebate=Decimal("0.05"), payment_days=14, ramp=1,
    steps=(Step("Muster schicken", 300, Decimal(400)), Step("Zwei Besuche", 600, Decimal(100))),
)  # fmt: skip


@pytest.fixture
def ahorn(codes):
    """A prospect in the base, served by Anna."""
    made = served("Ahorn", (codes["Anna"], -30, None))
    made.link, made.trade = "dealer", "Holz"
    made.save()
    return made


@pytest.fixture
def sales(people):
    """A pool of 10,000 minutes a month at 0.80, of which 9,000 are worked by now."""
    from kundenstamm.ledger.models import Batch, Source

    pool = Pool.objects.create(name="Außendienst")
    for ago in range(1, 13):
        month = month_after(BEGINS, -ago)
        PoolMonth.objects.create(
            pool=pool, month=month, cost=8_000, theoretical_minutes=12_500, practical_share="0.8"
        )
        source, _made = Source.objects.get_or_create(name="Verteilung")
        batch = Batch.objects.create(
            kind="allocation", source=source, actor=people["Frieda"], made_at=AT
        )
        told = {
            "pool": pool.name,
            "pool_id": pool.pk,
            "used": "9000",
            "capacity": "10000",
            "cost": "8000",
        }
        AllocationRun.objects.create(
            month=Month(month).first, version=1, batch=batch, actor=people["Frieda"], made_at=AT,
            result={"pools": [told]},
        )  # fmt: skip
    return pool


@pytest.fixture
def needing(sales):
    """The sheet with so many minutes a month."""

    def told(minutes, **other):
        return replace(SHEET, minutes={sales.pk: Decimal(minutes)}, won_by=sales, **other)

    return told
