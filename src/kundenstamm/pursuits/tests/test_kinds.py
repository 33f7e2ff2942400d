"""The average customer of a value class, of those that one knows."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from kundenstamm.customers.tests.conftest import served
from kundenstamm.ledger.models import Batch, Entry, EntryKind, Source
from kundenstamm.lifecycle.models import Estimate, Stage, ValuationRun
from kundenstamm.pursuits import scenarios
from kundenstamm.pursuits.kinds import of_class
from kundenstamm.pursuits.outlooks import compare
from kundenstamm.pursuits.rules import month_after
from kundenstamm.pursuits.scenarios import Further, Scene
from kundenstamm.pursuits.tests.conftest import AT, BEGINS, TODAY
from kundenstamm.serving.actions import ALLOCATION
from kundenstamm.serving.models import Activity, ActivityType

pytestmark = pytest.mark.django_db
LAST_MONTH = month_after(BEGINS, -2)


@pytest.fixture
def base(codes, people, sales):
    """Anna's two of 7,000 a year expected, Bernd's one; and two of hers who bring little."""
    run = ValuationRun.objects.create(
        as_of=TODAY, actor=people["Frieda"], made_at=AT, finished_at=AT
    )
    found = {}
    told = (
        ("Eins", "Anna", 7_000, 60_000), ("Zwei", "Anna", 7_000, 40_000),
        ("Drei", "Bernd", 7_000, 80_000), ("Vier", "Anna", 300, 2_000),
        ("Jung", "Anna", 7_000, 90_000),
    )  # fmt: skip
    for rank, (name, who, expected, sales_of_year) in enumerate(told, 1):
        found[name] = made = served(name, (codes[who], -30, None))
        first = 100 if name == "Jung" else 900
        Estimate.objects.create(
            run=run, customer=made, rank=rank, stage=Stage.REGULAR, expected_contribution=expected,
            first_day=TODAY - timedelta(days=first), year_gross_sales=sales_of_year,
            year_reductions=Decimal(sales_of_year) * Decimal("-0.1"),
            year_goods=Decimal(sales_of_year) * Decimal("-0.5"),
        )  # fmt: skip
    return found


@pytest.fixture
def charged(base, sales, people):
    """360 minutes at 0.80 were charged to the first, in one of twelve months."""
    diary, _made = Source.objects.get_or_create(name="Tagebuch")
    kind = ActivityType.objects.create(
        code="visit", name="Besuch", pool=sales, kind=EntryKind.VISIT.value
    )
    done = Activity.objects.create(
        customer=base["Eins"], type=kind, date=LAST_MONTH, minutes=360, source=diary, document="1"
    )
    source, _made = Source.objects.get_or_create(name=ALLOCATION.source)
    batch = Batch.objects.create(
        kind="allocation", source=source, actor=people["Frieda"], made_at=AT
    )
    Entry.objects.create(
        customer=base["Eins"], date=LAST_MONTH, kind=EntryKind.VISIT.value,
        amount=Decimal("-288"), source=source, document="x", line=done.pk, batch=batch,
    )  # fmt: skip


def test_a_class_is_the_average_of_those_one_knows(base, charged, sales, people):
    anna, frieda = (of_class(people[name], "A", TODAY) for name in ("Anna", "Frieda"))
    assert (anna.customers, anna.turnover, anna.margin) == (2, 50_000, Decimal("0.4"))
    # 360 of one in twelve months: 15 a month of each of the two.
    assert anna.minutes == {sales.pk: 15}
    assert (frieda.customers, frieda.turnover, frieda.minutes) == (3, 60_000, {sales.pk: 10})
    assert of_class(people["Anna"], "D", TODAY) is None
    assert of_class(people["Emil"], "A", TODAY) is None


def test_a_scenario_takes_the_class_as_it_is_by_then(base, charged, sales, people):
    anna = people["Anna"]
    made = scenarios.create(
        Scene("Zehn", further=(Further(10, BEGINS, "A"), Further(1, BEGINS, "B"))),
        actor=anna, at=AT,
    )  # fmt: skip
    column = compare(anna, [made], TODAY).columns[1]
    assert column.outcome.loads[0].planned[0] == pytest.approx(150)
    assert column.outcome.tries > 0
    assert column.unknown == ("B",)
