"""What was promised against what came, and what that says of the next plan."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from kundenstamm.ledger.models import Batch, Entry, EntryKind, Source
from kundenstamm.pursuits import learning
from kundenstamm.pursuits.models import Learning, Pursuit
from kundenstamm.pursuits.rules import month_after
from kundenstamm.pursuits.tests.conftest import AT, TODAY, served

pytestmark = pytest.mark.django_db
BEGAN = month_after(TODAY.replace(day=1), -13)


@pytest.fixture
def won(people, codes):
    """Won, promised 12,000 in the first year, and so much came, some of it after that year."""
    source = Source.objects.create(name="Kasse")
    batch = Batch.objects.create(kind="sales", source=source, actor=people["Frieda"], made_at=AT)

    def making(name, came, begins=BEGAN):
        customer = served(name, (codes["Anna"], -365, None))
        days = (begins, month_after(begins, 11), month_after(begins, 12))
        parts = ((EntryKind.SALE, came + 100), (EntryKind.RETURN, -100), (EntryKind.SALE, 5_000))
        for day, (kind, amount) in zip(days, parts, strict=True):
            Entry.objects.create(
                customer=customer, date=day, kind=kind, amount=amount, source=source, batch=batch,
                document=f"{name}{kind}{day}", line=1,
            )  # fmt: skip
        return Pursuit.objects.create(
            customer=customer, owner=people["Anna"], state="won", over_on=begins, turnover=12_000,
            ramp=1, margin="0.4", first_month=begins, opened_by=people["Anna"], opened_at=AT,
        )  # fmt: skip

    return making


def test_only_the_first_twelve_months_count_and_only_when_they_are_over(won, people):
    by = {"actor": people["Frieda"], "at": AT}
    assert learning.learn(TODAY, **by) is None
    whole = won("Eiche", 6_000)
    young = won("Fichte", 9_000, begins=month_after(TODAY.replace(day=1), -11))
    made = learning.learn(TODAY, **by)
    whole.refresh_from_db()
    young.refresh_from_db()
    assert (whole.came, young.came) == (Decimal(6_000), None)
    assert made.ratios == [0.5]
    assert learning.learn(TODAY, **by) is None


def test_below_three_the_assumed_one_counts(won, people):
    by = {"actor": people["Frieda"], "at": AT}
    won("A", 3_000)
    won("B", 6_000)
    learning.learn(TODAY, **by)
    assert (learning.known(), learning.learned().is_assumed) == (2, True)
    assert learning.learned().factor == 1
    won("C", 6_000)
    learning.learn(TODAY + timedelta(days=1), **by)
    assert Learning.objects.latest().ratios == [0.25, 0.5, 0.5]
    assert not learning.learned().is_assumed
    assert learning.learned().factor < 0.7
