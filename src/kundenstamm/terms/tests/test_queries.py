"""What agreements cost, what came back, what was given without one, what never ended."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from kundenstamm.company.models import CompanyProfile
from kundenstamm.customers.models import Customer
from kundenstamm.ledger.models import Product, ProductCost
from kundenstamm.terms.queries import comparison, given, overview, returned
from kundenstamm.terms.recognising import recognise
from kundenstamm.terms.tests.conftest import AT, JANUARY

TODAY = date(2026, 7, 1)
LONG_AGO = date(2024, 1, 1)


def cost(actor, agreement, as_of=TODAY):
    (found,) = given(actor, [agreement], as_of)
    return float(found.year), float(found.ever)


def test_entries_of_the_year_and_of_all_time(promise, book, frieda):
    made = promise("rebate", "0.05", LONG_AGO)
    for day in (date(2024, 3, 1), date(2025, 7, 1), date(2025, 7, 2), date(2026, 7, 1)):
        book(day, ("sale", "1000"), ("rebate", "-50"))
    recognise(at=AT)
    assert cost(frieda, made) == (100, 200)


def test_what_was_taken_back_costs_nothing(promise, book, frieda):
    made = promise("rebate", "0.05")
    book(date(2026, 3, 1), ("sale", "1000"), ("rebate", "-50"), document="D")
    recognise(at=AT)
    # Nobody has looked for causes since.
    book(date(2026, 3, 1), ("sale", "1000"), ("rebate", "-40"), document="D")
    assert cost(frieda, made) == (0, 0)


def test_free_goods_cost_what_the_goods_cost(promise, book, frieda):
    ProductCost.objects.create(
        product=Product.objects.create(number="P1"), unit_cost=7, valid_from=LONG_AGO
    )
    made = promise("free_goods", free_quantity=1, per_quantity=10)
    book(date(2026, 3, 1), ("sale", "100", "P1", 20), ("sale", "0", "P1", 2))
    recognise(at=AT)
    assert cost(frieda, made) == (14, 14)


def test_time_to_pay_costs_what_money_costs(promise, book, frieda):
    CompanyProfile.objects.create(financing_rate=Decimal("0.073"), standard_payment_days=10)
    made = promise("payment_term", payment_days=60)
    usual = promise("payment_term", payment_days=10)
    book(date(2026, 3, 1), ("sale", "1100"), ("rebate", "-100"))
    # 1000 × 50 days × 7.3 % ÷ 365.
    assert cost(frieda, made) == (10, 10)
    assert cost(frieda, usual) == (0, 0)


def test_what_came_back_beside_the_same_time_before(promise, book, frieda):
    made = promise("promotion", "0.05", JANUARY, date(2026, 1, 31))
    for day, amount in ((date(2025, 12, 2), "100"), (date(2025, 12, 31), "100"),
                        (JANUARY, "300"), (date(2026, 2, 1), "999")):  # fmt: skip
        book(day, ("sale", amount))
    # The books begin one day after the span before.
    assert returned(frieda, [made], TODAY) == {}
    book(date(2025, 11, 30), ("sale", "5000"))
    found = returned(frieda, [made], TODAY)[made.pk]
    assert (found.days, found.net, found.net_before) == (31, 300, 200)
    # Without known costs at the overall margin of 35 %.
    assert (found.contribution_1, found.change) == (105, 35)


def test_others_count_only_without_such_an_agreement_and_if_they_are_enough(promise, book, frieda):
    made = promise("promotion", "0.05", JANUARY, date(2026, 1, 31))
    book(date(2025, 11, 1), ("sale", "1"))
    book(date(2025, 12, 10), ("sale", "100"))
    book(date(2026, 1, 10), ("sale", "150"))
    for n in range(2, 8):
        book(date(2025, 12, 10), ("sale", "100"), who=f"K{n}")
        book(date(2026, 1, 10), ("sale", "110"), who=f"K{n}")
    promise("promotion", "0.02", JANUARY, JANUARY, who=Customer.objects.get(number="K7"))
    found = returned(frieda, [made], TODAY)[made.pk]
    beside = comparison(frieda, made, found)
    assert (beside.own, beside.others, beside.customers) == (Decimal("1.5"), Decimal("1.1"), 5)
    promise("promotion", "0.02", JANUARY, JANUARY, who=Customer.objects.get(number="K6"))
    assert comparison(frieda, made, found) is None


def test_the_overview_adds_up(promise, book, frieda):
    promise("rebate", "0.05")
    book(date(2026, 3, 1), ("sale", "1000"), ("rebate", "-50"), ("discount", "-30"))
    book(date(2026, 3, 1), ("sale", "1000"), ("bonus", "-20"))
    recognise(at=AT)
    found = overview(frieda, TODAY)
    assert [(kind, n, float(amount)) for kind, n, amount in found.kinds] == [("rebate", 1, 50)]
    assert (found.without_agreement, found.total, found.share) == (50, 100, Decimal("0.05"))
    assert [(u.amount, u.promised) for u in found.unexplained] == [(30, True), (20, False)]


def test_permanent_promotions_are_found_and_such_as_are_still_given(promise, book, frieda):
    first = JANUARY - timedelta(days=90)
    for n in range(3):
        starts = first + timedelta(days=30 * n)
        last = promise("promotion", "0.06", starts, starts + timedelta(days=29))
    book(JANUARY + timedelta(days=20), ("sale", "1000"), ("promotion", "-60"))
    recognise(at=AT)
    found = overview(frieda, TODAY)
    assert [(r.periods, r.since) for r in found.ratchets[last.pk]] == [(3, first)]
    assert [(each.agreement, each.amount) for each in found.still_granted] == [(last, 60)]


def test_what_ends_within_two_months_is_told(promise, frieda):
    ends = {days: promise("rebate", "0.05", ends=TODAY + timedelta(days=days))
            for days in (-1, 0, 60, 61)}  # fmt: skip
    assert [each.agreement for each in overview(frieda, TODAY).soon] == [ends[0], ends[60]]


@pytest.mark.usefixtures("customer")
def test_without_agreements_there_is_nothing(frieda):
    found = overview(frieda, TODAY)
    assert (found.agreements, found.kinds, found.total, found.share) == ([], [], 0, None)
