"""Orders and deliveries follow from sales lines: counted, charged, reversed with their document."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kundenstamm.ledger.actions import Document, post_lines, undo_batch
from kundenstamm.ledger.models import Entry, EntryKind, Source
from kundenstamm.serving.actions import allocate, enter_activity_type
from kundenstamm.serving.deriving import note_documents
from kundenstamm.serving.models import Activity, DerivedFrom
from kundenstamm.serving.queries import month_status
from kundenstamm.serving.tests.conftest import AT, MAY

pytestmark = pytest.mark.django_db
SALE, RETURN = EntryKind.SALE.value, EntryKind.RETURN.value
SCHEMA = {"customer": pl.String, "customer_name": pl.String, "date": pl.Date, "kind": pl.Int16,
          "amount": pl.Decimal(18, 4), "product": pl.String, "product_name": pl.String,
          "quantity": pl.Decimal(18, 4), "document": pl.String, "line": pl.Int64}  # fmt: skip


@pytest.fixture
def derived(company, frieda):
    """Orders by lines, pieces and first ones; deliveries by lines. The office does both."""
    office, by = company["order"].pool, {"actor": frieda, "at": AT}
    minutes = {name: Decimal(n) for name, n in (("lines", 2), ("pieces", 1), ("first", 30))}
    enter_activity_type(
        "order", office, EntryKind.ORDER, Decimal(4), minutes, derived_from="orders", **by
    )
    company["pack"] = enter_activity_type(
        "pack", office, EntryKind.DELIVERY, Decimal(5), {"lines": Decimal(1)},
        derived_from="deliveries", **by,
    )  # fmt: skip
    return company


@pytest.fixture
def sell(frieda, customers):
    """Post a document: each line a day of May (or a date) and a quantity; negative: a return."""

    def post(document, *lines, who="K1", source="Shop"):
        days = [(d if isinstance(d, date) else date(2026, 5, d), Decimal(q)) for d, q in lines]
        rows = [
            (who, None, day, SALE if q > 0 else RETURN, q * 10, "P1", None, q, document, n)
            for n, (day, q) in enumerate(days, 1)
        ]
        frame = pl.DataFrame(rows, SCHEMA, orient="row")
        return post_lines(frame, Document(source), actor=frieda, at=AT)

    return post


@pytest.fixture
def run(frieda):
    return lambda month=MAY: allocate(month, actor=frieda, at=AT)


def found(code):
    """(document, customer, day) → drivers."""
    rows = Activity.objects.filter(type__code=code, derived=True)
    keys = rows.values_list("document", "customer__number", "date__day", "drivers")
    return {(document, who, day): drivers for document, who, day, drivers in keys}


def test_a_document_is_an_order_and_each_of_its_days_a_delivery(derived, sell, run):
    sell("A", (4, 2), (4, 1), (9, 5), (9, -1))
    sell("B", (7, 1), who="K2")
    made = run()
    assert found("order") == {
        ("A", "K1", 4): {"lines": 3, "pieces": 8, "first": 1},
        ("B", "K2", 7): {"lines": 1, "pieces": 1, "first": 1},
    }
    assert found("pack") == {
        ("A", "K1", 4): {"lines": 2}, ("A", "K1", 9): {"lines": 1}, ("B", "K2", 7): {"lines": 1},
    }  # fmt: skip
    # 4 + 3×2 + 8 + 30, 4 + 2 + 1 + 30; 7 + 6 + 6; a minute costs 1.
    assert Decimal(made.result["charged"]) == 48 + 37 + 19
    assert {a.minutes for a in Activity.objects.all()} == {None}


def test_only_the_first_order_ever_is_the_first(derived, sell, run):
    sell("old", (date(2026, 4, 2), 1))
    sell("A", (4, 1))
    sell("B", (4, 1), who="K2")
    sell("C", (4, 1), who="K2")
    run()
    firsts = {document: drivers["first"] for (document, *_), drivers in found("order").items()}
    assert firsts == {"A": 0, "B": 1, "C": 0}


def test_a_document_of_two_months_is_work_in_both(derived, sell, run, frieda):
    sell("A", (date(2026, 4, 30), 1), (4, 1))
    run()
    assert found("order") == {("A", "K1", 4): {"lines": 1, "pieces": 1, "first": 0}}


def test_the_same_number_of_two_sources_or_customers_is_two_orders(derived, sell, run):
    sell("A", (4, 1))
    sell("A", (4, 1), source="Branch")
    sell("A", (4, 1), who="K2", source="Third")
    run()
    assert Activity.objects.filter(type__code="order").count() == 3


def test_running_again_keeps_the_rows_and_posts_nothing(derived, sell, run):
    sell("A", (4, 2), (9, 1))
    run()
    before = set(Activity.objects.values_list("pk", flat=True))
    assert run().result["unchanged"] == 3
    assert set(Activity.objects.values_list("pk", flat=True)) == before


def test_a_corrected_document_is_charged_anew_under_the_same_activity(derived, sell, run):
    sell("A", (4, 2), (4, 1))
    run()
    order = Activity.objects.get(type__code="order")
    sell("A", (4, 2), (4, 6))
    made = run()
    assert (made.result["changed"], made.result["unchanged"]) == (1, 1)
    order.refresh_from_db()
    assert order.drivers == {"lines": 2, "pieces": 8, "first": 1}


def test_a_document_that_was_taken_back_leaves_nothing(derived, sell, run, frieda):
    batch = sell("A", (4, 2)).batch
    run()
    undo_batch(batch, actor=frieda, at=AT)
    made = run()
    assert made.result["withdrawn"] == 2
    assert not Activity.objects.exists()
    assert sum(Entry.objects.values_list("amount", flat=True)) == 0


def test_a_type_that_is_derived_no_more_loses_its_derived_activities_only(
    derived, act, sell, run, frieda
):
    sell("A", (4, 2))
    noted = act("call")
    run()
    for code in ("order", "pack"):
        each = derived[code]
        enter_activity_type(
            code, each.pool, EntryKind(each.kind), Decimal(1), derived_from="", actor=frieda, at=AT
        )
    run()
    assert list(Activity.objects.all()) == [noted]


def test_a_type_stays_derived_when_it_is_changed_otherwise(derived, frieda):
    order = derived["order"]
    by = {"actor": frieda, "at": AT}
    changed = enter_activity_type("order", order.pool, EntryKind.ORDER, Decimal(1), **by)
    assert changed.derived_from == DerivedFrom.ORDERS
    with pytest.raises(ValidationError):
        enter_activity_type(
            "order", order.pool, EntryKind.ORDER, Decimal(1), derived_from="moods", **by
        )


def test_only_drivers_of_the_days_equation_are_counted(derived, sell, run, frieda):
    enter_activity_type(
        "order", derived["order"].pool, EntryKind.ORDER, Decimal(9), {"pieces": Decimal(1)},
        valid_from=date(2026, 5, 10), actor=frieda, at=AT,
    )  # fmt: skip
    sell("A", (4, 1))
    sell("B", (11, Decimal("2.50")))
    run()
    assert {document: drivers for (document, *_), drivers in found("order").items()} == {
        "A": {"lines": 1, "pieces": 1, "first": 1}, "B": {"pieces": 2.5},
    }  # fmt: skip


def test_before_its_first_equation_nothing_is_derived(company, sell, run, frieda):
    enter_activity_type(
        "pack", company["order"].pool, EntryKind.DELIVERY, Decimal(5),
        valid_from=date(2026, 5, 10), derived_from="deliveries", actor=frieda, at=AT,
    )  # fmt: skip
    sell("A", (4, 1), (11, 1))
    run()
    assert list(found("pack")) == [("A", "K1", 11)]


def test_what_is_derived_is_no_change_and_what_was_sold_since_is_one(
    derived, sell, run, frieda, act
):
    sell("A", (4, 2))
    run()
    assert month_status(MAY).changed_at is None
    note_documents(sell("old", (date(2026, 4, 3), 1)).batch, at=AT)
    assert month_status(MAY).changed_at is None
    batch = sell("B", (5, 2)).batch
    note_documents(batch, at=AT)
    assert month_status(MAY).changed_at is not None
    run()
    assert month_status(MAY).changed_at is None
    undo, _settled = undo_batch(batch, actor=frieda, at=AT)
    note_documents(undo, at=AT)
    assert month_status(MAY).changed_at is not None


def test_deriving_from_something_else_asks_for_another_run(derived, run, frieda):
    run()
    order = derived["order"]
    order.derived_from = ""
    order.save()
    assert month_status(MAY).changed_at is not None


def test_a_noted_activity_may_have_a_documents_number_a_derived_one_only_once(
    derived, sell, run, customers
):
    source = Source.objects.create(name="Shop")
    shared = {"customer": customers[0], "type": derived["order"], "source": source,
              "date": date(2026, 5, 4), "document": "A"}  # fmt: skip
    Activity.objects.create(line=202605, **shared)
    sell("A", (4, 1))
    run()
    assert Activity.objects.filter(type=derived["order"], document="A").count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.create(line=202605, derived=True, **shared)


lines = st.lists(st.tuples(st.integers(1, 3), st.integers(-1, 3).filter(bool)), max_size=3)
told = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from(["K1", "K2"]), lines, st.booleans()),
    max_size=5,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(told)
def test_any_history_leaves_the_standing_lines_counted(derived, sell, run, frieda, told):
    point = transaction.savepoint()
    try:
        for document, who, rows, undone in told:
            if rows:
                batch = sell(document, *rows, who=who).batch
            if rows and undone:
                undo_batch(batch, actor=frieda, at=AT)
            run()
        run()
        assert {key: drivers["lines"] for key, drivers in found("pack").items()} == _counted()
        charged = sum(
            Entry.objects.filter(kind=EntryKind.DELIVERY).values_list("amount", flat=True)
        )
        assert charged == -sum((5 + n for n in _counted().values()), 0)
    finally:
        transaction.savepoint_rollback(point)


def _counted():
    """The same by hand: revisions in their order, the last one of each line stands."""
    last = {}
    for entry in Entry.objects.filter(part=0, source__name="Shop").order_by("revision"):
        last[entry.document, entry.line] = entry
    days: dict[tuple[str, str, int], int] = defaultdict(int)
    for entry in last.values():
        if entry.kind == SALE and entry.reverses_id is None:
            days[entry.document, entry.customer.number, entry.date.day] += 1
    return dict(days)
