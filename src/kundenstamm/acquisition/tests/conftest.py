"""The cast, customers of Anna and Bernd, and a way to trade."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import polars as pl
import pytest
from django.db.models import Count, Min, Q
from django.utils import translation

from kundenstamm.acquisition.channel_actions import standing
from kundenstamm.acquisition.models import Origin, Touch
from kundenstamm.acquisition.preparing import prepare_all
from kundenstamm.acquisition.queries import channels
from kundenstamm.customers.models import Customer
from kundenstamm.customers.tests.conftest import AT, TODAY, as_the_site, codes, people, served
from kundenstamm.ledger.actions import Document, post_lines
from kundenstamm.lifecycle.models import Estimate, ValuationRun

__all__ = ["AT", "TODAY", "as_the_site", "codes", "people", "served"]
DAY = timedelta(days=1)
SALE, VISIT, WINNING, SERVICE = 10, 52, 60, 51
NAMES = ("Eins", "Zwei", "Drei", "Vier", "Fuenf", "Sechs", "Niemand")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def ahorn(codes):
    """Anna's."""
    return served("Ahorn", (codes["Anna"], -365, None))


@pytest.fixture
def birke(codes):
    """Bernd's."""
    return served("Birke", (codes["Bernd"], -365, None))


@pytest.fixture
def traded(people):
    """Post amounts: customer, days ago, amount, kind; and a valuation that has seen them."""

    def trading(*rows):
        nothing = {"product": pl.lit(None, pl.String), "product_name": pl.lit(None, pl.String)}
        lines = pl.DataFrame(
            [
                {"row": n, "customer": who.number, "customer_name": who.name,
                 "date": TODAY - ago * DAY, "kind": kind, "amount": Decimal(amount),
                 "document": f"B{n}", "line": 1}
                for n, (who, ago, amount, kind) in enumerate(rows)
            ]
        ).with_columns(**nothing)  # fmt: skip
        post_lines(lines, Document("Probe"), actor=people["Frieda"], at=AT)
        made = _valued(people["Frieda"])
        prepare_all(actor=people["Frieda"], at=AT)
        return made

    return trading


def _valued(frieda):
    """What growth reads of a valuation, without fitting any model."""
    run = ValuationRun.objects.create(as_of=TODAY, actor=frieda, made_at=AT, finished_at=AT)
    sales = Count("entries", filter=Q(entries__kind=10))
    first = Min("entries__date", filter=Q(entries__kind=10))
    told = Customer.objects.annotate(sales=sales, first=first)
    Estimate.objects.bulk_create(
        Estimate(run=run, customer=each, first_day=each.first, occasions=each.sales, rank=n,
                 stage="repeat" if each.sales else "prospect", lifetime_value=100 * each.sales)
        for n, each in enumerate(told, start=1)
    )  # fmt: skip
    return run


@pytest.fixture
def there(people):
    return {each.code: standing(each) for each in channels()}


@pytest.fixture
def company(codes, people, there, traded):
    """Six of different channels and ages, one of nobody's, one prospect; the books began before."""
    made = {
        name: served(name, (codes["Anna" if n % 2 else "Bernd"], -800, None))
        for n, name in enumerate((*NAMES, "Alt", "Morgen"))
    }
    by = {"recorded_by": people["Frieda"], "recorded_at": AT}
    for n, name in enumerate(NAMES[:-1]):
        code = ("advertising", "partners", "service")[n % 3]
        Origin.objects.create(customer=made[name], channel=there[code], said="customer", **by)
        Touch.objects.create(
            customer=made[name], channel=there["personal"], day=TODAY - 410 * DAY, **by
        )
    rows = [(made["Alt"], 730, 500, SALE), (made["Morgen"], 5, "-40.33", VISIT)]
    for n, name in enumerate(NAMES):
        first = 400 - 40 * n
        rows += [(made[name], first - 45 * k, f"{100 + 13.37 * k + n}", SALE) for k in range(4)
                 if first > 45 * k]  # fmt: skip
        rows += [(made[name], first - 20, f"-{7 + n}.11", SERVICE),
                 (made[name], first + 9, f"-{3 + n}.07", VISIT),
                 (made[name], first - 3, f"-{20 + n}.01", WINNING)]  # fmt: skip
    traded(*rows)
    return made
