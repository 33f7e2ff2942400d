"""One customer's page: its numbers, its curve, its documents, and what it costs to read."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from kundenstamm.customers.models import Assignment, ChainLink, Contact, Representative
from kundenstamm.ledger.models import EntryKind
from kundenstamm.lifecycle.actions import value_all
from kundenstamm.lifecycle.frames.rhythm import active_curve
from kundenstamm.lifecycle.queries import customer_sheet, documents
from kundenstamm.lifecycle.tests.books import AS_OF, AT, customers, post

pytestmark = pytest.mark.django_db
SALE, RETURN, VISIT = EntryKind.SALE, EntryKind.RETURN, EntryKind.VISIT
# Customer, star, run, estimate, days, documents, stages, contacts, assignments, the chain twice;
# and with an estimate comparable customers, larger and smaller, and their costs.
QUERIES = 15


@pytest.fixture
def base(frieda):
    """Thirty bakeries of growing size, every one of them once a month."""
    known = customers(*(f"Bäckerei {n:02}" for n in range(30)))
    for month in range(8):
        day = AS_OF - timedelta(days=20 + 30 * month)
        post(frieda, [(who, day, SALE, 100 + n) for n, who in enumerate(known)])
    post(frieda, [(who, AS_OF, VISIT, -10) for who in known])
    value_all(as_of=AS_OF, actor=frieda, at=AT)
    return known


def test_bridge_days_curve_and_history_agree(base, frieda):
    sheet = customer_sheet(frieda, base[3].key, AS_OF)
    bridge = {step.name: step.amount for step in sheet.bridge}
    assert bridge["gross_sales"] == 8 * 103
    assert bridge["contribution_3"] == sheet.estimate.year_contribution_3
    running = Decimal(0)
    for step in sheet.bridge:
        running += 0 if step.is_subtotal and step.name != "gross_sales" else step.amount
        assert not step.is_subtotal or step.amount == running
    assert [day.net for day in sheet.days] == [103] * 8
    assert sheet.p_active[-1] == (AS_OF, pytest.approx(sheet.estimate.p_active))
    assert [change.stage for change in sheet.stages] == [sheet.estimate.stage]


def test_the_curve_falls_in_silence_and_rises_with_a_purchase(base, frieda):
    sheet = customer_sheet(frieda, base[0].key, AS_OF)
    curve = dict(sheet.p_active)
    bought = sheet.days[-1].day
    assert curve[bought] > curve[bought - timedelta(days=1)]
    after = [chance for day, chance in sheet.p_active if day >= bought]
    assert after == sorted(after, reverse=True)


def test_the_curve_of_a_run_of_the_first_version_is_drawn_too():
    parameters = {"r": 0.5, "alpha": 40.0, "a": 0.9, "b": 1.6}
    stored = {"occasions": {"model": "MBG/NBD", "parameters": parameters}}
    curve = active_curve(stored, [AS_OF - timedelta(days=90)], AS_OF)
    assert 0 < curve[-1][1] < curve[0][1] < 1
    assert active_curve({"occasions": None}, [AS_OF], AS_OF) == []


def test_documents_are_read_page_by_page_newest_first(base, frieda):
    seen, after = [], None
    while True:
        page = documents(frieda, base[2], after=after, size=3)
        seen += page.rows
        if (after := page.after) is None:
            break
    assert [document.net for document in seen] == [102] * 8
    assert [d.day for d in seen] == sorted((d.day for d in seen), reverse=True)
    assert all(d.estimated and d.positions == 1 for d in seen)
    assert seen[0].contribution_1 == Decimal("35.7")


@pytest.mark.parametrize("wrong", ["", "x", "2026-01-01", "2026-01-01/x/1", "yesterday/1/1"])
def test_a_cursor_that_names_no_document_is_refused(base, frieda, wrong):
    with pytest.raises(ValueError, match=r"."):
        documents(frieda, base[2], after=wrong)


def test_a_sheet_costs_the_same_for_small_and_large(base, frieda, django_assert_num_queries):
    large = base[0]
    post(frieda, [(large, AS_OF - timedelta(days=n), RETURN, -1) for n in range(300)])
    Contact.objects.bulk_create(Contact(customer=large, name=f"C{n}") for n in range(9))
    anna = Representative.objects.create(code="anna", name="Anna")
    for n in range(5):
        Assignment.objects.create(
            customer=large, representative=anna, starts=AS_OF - timedelta(days=n)
        )
    ChainLink.objects.bulk_create(ChainLink(upstream=large, downstream=c) for c in base[1:9])
    for customer, count in ((large, QUERIES), (base[7], QUERIES), (customers("Neu")[0], 12)):
        with django_assert_num_queries(count):
            sheet = customer_sheet(frieda, customer.key, AS_OF)
            assert [a.representative.name for a in sheet.assignments] in ([], ["Anna"] * 5)
    assert customer_sheet(frieda, base[5].key, AS_OF).suppliers == [large]
    assert customer_sheet(frieda, large.key, AS_OF).supplied == base[1:9]


def test_a_customer_without_estimate_has_a_sheet(base, frieda):
    [fresh] = customers("Neu")
    sheet = customer_sheet(frieda, fresh.key, AS_OF)
    assert (sheet.estimate, sheet.bridge, sheet.p_active, sheet.days) == (None, [], [], [])


def test_nobody_and_no_key_find_nothing(base, frieda):
    assert customer_sheet(frieda, uuid.uuid4(), AS_OF) is None
    assert customer_sheet(None, base[0].key, AS_OF) is None
