"""Those spoken to beside similar others: who is counted on which side, and who may see it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import polars as pl
import pytest

from kundenstamm.care.actions import Happening, record
from kundenstamm.customers.models import Customer
from kundenstamm.guard.rights import Forbidden
from kundenstamm.ledger.actions import Document, post_lines
from kundenstamm.today import outcomes
from kundenstamm.today.tests.conftest import AT, TODAY

DAY = timedelta(days=1)
# The week of conversations that the latest window of thirty days follows.
WEEK = 33


@pytest.fixture
def traded(people):
    """Sixty customers that bought until two months ago; every second one was called in the week,
    and three of four of these bought again, of the others one in four."""
    rows = []
    for n in range(60):
        name = f"K{n}"
        Customer.objects.create(number=name, name=name, created_at=AT)
        days = [60, 90, 120, 150] + [10] * (n % 8 in (0, 2, 4, 1))
        rows += [
            {"row": 10 * n + i, "customer": name, "customer_name": name, "kind": 10,
             "date": TODAY - ago * DAY, "amount": Decimal(500), "document": f"B{n}-{ago}",
             "line": 1}
            for i, ago in enumerate(days)
        ]  # fmt: skip
    lines = pl.DataFrame(rows).with_columns(
        product=pl.lit(None, pl.String), product_name=pl.lit(None, pl.String)
    )
    post_lines(lines, Document("Probe"), actor=people["Frieda"], at=AT)
    return people


def called(people, ago=WEEK, reached=True):
    for n in range(0, 60, 2):
        what = Happening("call", AT - ago * DAY, "x", reached=reached, direction="we")
        customer = Customer.objects.get(name=f"K{n}")
        record(customer, what, actor=people["Frieda"], at=AT)


def judged(people):
    return outcomes.judge(actor=people["Frieda"], at=AT, today=TODAY)


def test_without_anything_recorded_nothing_is_compared(traded):
    assert judged(traded) is None


def test_shares_of_those_called_and_of_the_others(traded, monkeypatch):
    monkeypatch.setattr(outcomes, "WINDOWS", {30: 1})
    called(traded)
    month = judged(traded).found[0]
    assert (month["days"], month["spoken"], month["others"]) == (30, 30, 30)
    assert month["ordered"]["spoken"] == pytest.approx(23 / 30)
    assert month["ordered"]["others"] == pytest.approx(8 / 30)
    assert month["ordered"]["low"] > 0
    assert month["sentences"][0]["params"]["days"] == 30


@pytest.mark.parametrize(("ago", "reached"), [(WEEK, False), (29, True), (38, True)])
def test_a_try_in_vain_or_outside_the_week_is_no_conversation_of_it(traded, ago, reached):
    called(traded, ago, reached=reached)
    if not reached:
        assert judged(traded) is None
    else:
        assert judged(traded).found[0]["spoken"] == 0


def test_few_are_no_evidence(traded):
    called(traded)
    quarter = judged(traded).found[1]
    assert quarter["ordered"] is None
    assert "Too few" in quarter["sentences"][0]["msgid"]


def test_only_who_sees_everybody_sees_sums_over_everybody(traded):
    called(traded)
    made = judged(traded)
    assert outcomes.latest_outcomes(traded["Frieda"]) == made
    with pytest.raises(Forbidden):
        outcomes.latest_outcomes(traded["Anna"])
