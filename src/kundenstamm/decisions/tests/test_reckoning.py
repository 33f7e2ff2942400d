"""An offer is held against what the books say of a customer."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from kundenstamm.decisions.figures import as_data
from kundenstamm.decisions.reckoning import reckon
from kundenstamm.decisions.tests.conftest import AT, TODAY
from kundenstamm.ledger.models import Entry, ProductCategory
from kundenstamm.lifecycle.actions import value_all
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.terms.actions import agree
from kundenstamm.terms.conditions import Conditions
from kundenstamm.terms.models import AgreementEntry, Kind


@pytest.fixture
def reckoned(people, customer, offer):
    def made(who="Anna", **told):
        return reckon(people[who], customer, offer(**told), TODAY)

    return made


def test_the_last_twelve_months_before_and_after(reckoned):
    found = reckoned(rebate="0.05")
    assert found.last.before.contribution_3 == pytest.approx(35_000)
    assert found.last.after.contribution_3 == pytest.approx(30_000)
    assert found.last.walk_away == pytest.approx(0.35)
    assert found.last.break_even == pytest.approx(5 / 30)
    assert found.coming is None


def test_who_does_not_know_the_customer_reckons_with_nothing(reckoned):
    assert reckoned("Bernd", rebate="0.05").last.before.gross_sales == 0


def test_only_days_beyond_todays_cost(reckoned, people, customer):
    # 100,000 × 0.06 × 16 of 365 days beyond the usual 14.
    assert reckoned(payment_days=30).cost == pytest.approx(263.01, abs=0.01)
    held = Conditions(Kind.PAYMENT_TERM, TODAY, payment_days=40)
    agree(customer, held, reason="", actor=people["Frieda"], at=AT)
    assert reckoned(payment_days=30).cost < 0


def test_what_the_renewed_one_really_gave_falls_away(reckoned, people, customer):
    """7 % were said, a hundredth was given: the new 7 % cost six hundredths more."""
    told = Conditions(Kind.REBATE, TODAY - timedelta(days=60), TODAY, Decimal("0.07"))
    old = agree(customer, told, reason="", actor=people["Frieda"], at=AT)
    sold = Entry.objects.get()
    given = Entry.objects.create(
        customer=customer, date=sold.date, kind=31, amount=-1000, source=sold.source,
        document="D1", line=2, batch=sold.batch,
    )  # fmt: skip
    AgreementEntry.objects.create(agreement=old, customer=customer, entry=given, linked_at=AT)
    found = reckoned(rebate="0.07", renews=old)
    assert found.instead == pytest.approx(0.01)
    assert found.cost == pytest.approx(6_000)


def test_an_offer_for_a_category_nobody_bought_costs_nothing(reckoned):
    other = ProductCategory.objects.create(name="Schrauben")
    assert reckoned(rebate="0.05", category=other).cost == 0
    assert reckoned(tiers=[("1", "0.05")], category=other).cost == 0


def test_what_is_expected_comes_with_its_interval(reckoned, people):
    value_all(as_of=TODAY, actor=people["Frieda"], at=AT)
    Estimate.objects.update(
        expected_before_serving=17_500, expected_cost_to_serve=0, expected_low=7_000,
        expected_high=35_000,
    )  # fmt: skip
    coming = reckoned(rebate="0.1").coming
    assert coming.before.gross_sales == pytest.approx(50_000)
    assert coming.gain == pytest.approx(-5_000)
    assert (coming.gain_interval.low, coming.gain_interval.high) == pytest.approx((-10_000, -2_000))


def test_figures_can_be_kept(reckoned):
    kept = json.loads(json.dumps(as_data(reckoned(rebate="0.05"))))
    assert kept["cost"] == 5_000
    assert kept["last"]["rows"][-1] == {
        "level": "contribution_3", "before": 35_000, "after": 30_000,
    }  # fmt: skip
