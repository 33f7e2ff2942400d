"""Entries find the agreement that caused them, whatever is corrected afterwards."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from kundenstamm.customers.models import Customer
from kundenstamm.guard.rights import Forbidden
from kundenstamm.ledger.actions import undo_batch
from kundenstamm.ledger.models import Entry, Product, ProductCategory
from kundenstamm.terms.booking import link_by_hand
from kundenstamm.terms.models import AgreementEntry
from kundenstamm.terms.recognising import recognise
from kundenstamm.terms.tests.conftest import AT

MARCH = date(2026, 3, 10)


def linked(agreement):
    return [
        float(a) for a in agreement.links.order_by("entry").values_list("entry__amount", flat=1)
    ]


@pytest.mark.parametrize(
    ("kind", "told", "given", "fits"),
    [
        ("rebate", {"rate": "0.05"}, ("rebate", "-50"), True),
        ("rebate", {"rate": "0.05"}, ("discount", "-50"), True),
        ("rebate", {"rate": "0.05"}, ("rebate", "-54.9"), True),
        ("rebate", {"rate": "0.05"}, ("rebate", "-56"), False),
        ("rebate", {"rate": "0.05"}, ("rebate", "-40"), False),
        ("rebate", {"rate": "0.01"}, ("rebate", "-12.4"), True),
        ("rebate", {"rate": "0.05"}, ("promotion", "-50"), False),
        ("rebate", {"rate": "0.05"}, ("bonus", "-50"), False),
        ("rebate", {"rate": "0.05", "ends": date(2026, 3, 9)}, ("rebate", "-50"), False),
        ("rebate", {"rate": "0.05", "starts": date(2026, 3, 11)}, ("rebate", "-50"), False),
        ("promotion", {"rate": "0.05", "ends": MARCH}, ("promotion", "-50"), True),
        ("tiered", {"tiers": [("0", "0.02"), ("9", "0.05")]}, ("rebate", "-50"), True),
        ("tiered", {"tiers": [("0", "0.02"), ("9", "0.08")]}, ("rebate", "-50"), False),
        ("bonus", {"rate": "0.05"}, ("bonus", "-777"), True),
        ("payment_term", {"payment_days": 30, "rate": "0.02", "discount_days": 9},
         ("discount", "-20"), True),
        ("payment_term", {"payment_days": 30}, ("discount", "-20"), False),
    ],
)  # fmt: skip
def test_an_entry_fits_by_kind_day_and_rate(promise, book, kind, told, given, fits):
    made = promise(kind, **told)
    book(MARCH, ("sale", "1000"), given)
    assert recognise(at=AT) == fits
    assert linked(made) == [float(given[1])] * fits


def test_what_is_narrower_comes_first_and_a_tie_is_left_to_people(promise, book):
    category = ProductCategory.objects.create(name="Tools")
    product = Product.objects.create(number="P1", category=category)
    wide = promise("rebate", "0.05")
    middle = promise("rebate", "0.05", category=category)
    narrow = promise("rebate", "0.05", product=product)
    book(MARCH, ("sale", "1000", "P1", 1), ("rebate", "-50"))
    book(MARCH, ("sale", "1000", "P2", 1), ("rebate", "-50"))
    recognise(at=AT)
    assert [len(linked(each)) for each in (wide, middle, narrow)] == [1, 0, 1]
    promise("rebate", "0.05")
    book(MARCH, ("sale", "1000", "P2", 1), ("rebate", "-50"))
    assert recognise(at=AT) == 0


def test_only_sales_in_scope_are_measured(promise, book):
    product = Product.objects.create(number="P1")
    made = promise("rebate", "0.10", product=product)
    book(MARCH, ("sale", "200", "P1", 1), ("sale", "800", "P2", 1), ("rebate", "-20"))
    recognise(at=AT)
    assert linked(made) == [-20]


def test_free_goods_are_sales_at_no_price(promise, book):
    made = promise("free_goods", free_quantity=1, per_quantity=10)
    book(MARCH, ("sale", "100", "P1", 20), ("sale", "0", "P1", 2))
    book(MARCH, ("sale", "100", "P1", 20), ("sale", "0", "P1", 5))
    recognise(at=AT)
    assert linked(made) == [0]


def test_another_customers_agreement_explains_nothing(promise, book):
    other = Customer.objects.create(number="K2", name="K2", created_at=AT)
    promise("rebate", "0.05", who=other)
    book(MARCH, ("sale", "1000"), ("rebate", "-50"))
    assert recognise(at=AT) == 0


def test_what_is_taken_back_has_no_cause_and_what_stands_again_has(promise, book, frieda):
    made = promise("rebate", "0.05")
    posted = book(MARCH, ("sale", "1000"), ("rebate", "-50"), document="D")
    recognise(at=AT)
    undo_batch(posted.batch, actor=frieda, at=AT)
    recognise(at=AT)
    assert linked(made) == []
    book(MARCH, ("sale", "1000"), ("rebate", "-50"), document="D")
    assert recognise(at=AT) == 1
    assert recognise(at=AT) == 0


def test_a_link_by_hand_follows_the_corrected_entry(promise, book, frieda):
    made = promise("rebate", "0.05")
    book(MARCH, ("sale", "1000"), ("rebate", "-80"), document="D")
    assert recognise(at=AT) == 0
    link_by_hand(made, Entry.objects.get(amount=-80), actor=frieda, at=AT)
    book(MARCH, ("sale", "1000"), ("rebate", "-90"), document="D")
    recognise(at=AT)
    assert linked(made) == [-90]
    assert AgreementEntry.objects.get().linked_by == frieda


def test_by_hand_only_what_gives_something_away(promise, book, frieda):
    made = promise("rebate", "0.05")
    book(MARCH, ("sale", "1000"), ("rebate", "-80"))
    book(MARCH, ("sale", "1000"), ("rebate", "-70"), who="K2")
    for amount in (-70, 1000):
        with pytest.raises(ValidationError):
            link_by_hand(made, Entry.objects.filter(amount=amount)[0], actor=frieda, at=AT)
    frieda.role = "representative"
    with pytest.raises(Forbidden):
        link_by_hand(made, Entry.objects.get(amount=-80), actor=frieda, at=AT)
