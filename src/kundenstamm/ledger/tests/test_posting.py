"""Lines posted, corrected, taken back and posted again, on a real PostgreSQL."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kundenstamm.customers.models import Customer
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.ledger import jobs, product_actions
from kundenstamm.ledger.actions import Document, UndoRefused, post_lines, undo_batch
from kundenstamm.ledger.models import Batch, Entry, Product

pytestmark = pytest.mark.django_db
AT = timezone.now()
SHOP = Document("Shop", "sales.csv")
SCHEMA = {
    "row": pl.Int64, "customer": pl.String, "customer_name": pl.String, "date": pl.Date,
    "kind": pl.Int16, "amount": pl.Decimal(18, 4), "discount": pl.Decimal(18, 4),
    "cost": pl.Decimal(18, 4), "quantity": pl.Decimal(18, 4), "product": pl.String,
    "product_name": pl.String, "category": pl.String, "document": pl.String, "line": pl.Int64,
    "currency": pl.String, "original_amount": pl.Decimal(18, 4),
}  # fmt: skip


@pytest.fixture
def frieda():
    return ensure_owner(at=AT, email="frieda@example.com", name="Frieda")


def line(number=1, amount="100.00", *, customer="K1", kind=10, quantity="2", product="A", **more):
    usual = dict.fromkeys(SCHEMA) | {
        "row": number, "customer": customer, "date": date(2026, 3, 1), "kind": kind,
        "amount": Decimal(amount), "quantity": Decimal(quantity), "product": product,
        "document": "R1", "line": number, "currency": "EUR",
    }  # fmt: skip
    return usual | more


def frame(*lines):
    return pl.DataFrame(list(lines), SCHEMA, orient="row")


def post(frieda, *lines, document=SHOP):
    return post_lines(frame(*lines), document, actor=frieda, at=AT)


def enter_cost(product, cost, valid_from, *, actor, at):
    """As the site does it, and then the job that it leaves to the worker."""
    batch = product_actions.enter_cost(product, cost, valid_from, actor=actor, at=at)
    jobs.goods(batch=batch.pk, products=[product.pk])


def sums():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer.number, entry.kind, sum(amount) FROM ledger_entry AS entry "
            "JOIN customers_customer AS customer ON customer.id = customer_id "
            "GROUP BY 1, 2 HAVING sum(amount) <> 0"
        )
        return {(number, kind): total for number, kind, total in cursor.fetchall()}


def test_the_same_lines_twice_are_posted_once(frieda):
    first = post(frieda, line(1), line(2))
    second = post(frieda, line(1), line(2))
    assert (first.settled.new, second.settled.new, second.settled.unchanged) == (2, 0, 2)
    assert Entry.objects.count() == 2


def test_a_changed_line_is_reversed_and_posted_anew(frieda):
    post(frieda, line(1))
    changed = post(frieda, line(1, "90.00"))
    assert changed.settled.changed == 1
    entries = Entry.objects.order_by("revision").values_list("amount", "revision", "reverses")
    assert [(a, r) for a, r, _ in entries] == [
        (Decimal("100.0000"), 0),
        (Decimal("-100.0000"), 1),
        (Decimal("90.0000"), 2),
    ]
    assert sums() == {("K1", 10): Decimal("90.0000")}


def test_discount_and_stated_cost_become_entries_caused_by_the_line(frieda):
    post(frieda, line(1, discount=Decimal("-5.00"), cost=Decimal("-60.00")))
    sale = Entry.objects.get(kind=10)
    assert set(sale.effects.values_list("kind", "amount")) == {
        (30, Decimal("-5.0000")),
        (40, Decimal("-60.0000")),
    }


def test_what_a_changed_line_caused_points_to_the_line_that_stands(frieda):
    post(frieda, line(1, cost=Decimal("-60.00")))
    post(frieda, line(1, "90.00", cost=Decimal("-60.00")))
    standing = Entry.objects.get(kind=10, revision=2)
    goods = standing.effects.get()
    assert goods.amount == Decimal("-60.0000")
    assert sums()[("K1", 40)] == Decimal("-60.0000")


def test_goods_follow_the_cost_of_the_day(frieda):
    post(frieda, line(1), line(2, date=date(2026, 5, 1)))
    product = Product.objects.get()
    enter_cost(product, Decimal("10"), date(2026, 1, 1), actor=frieda, at=AT)
    enter_cost(product, Decimal("12"), date(2026, 4, 1), actor=frieda, at=AT)
    assert sums()[("K1", 40)] == Decimal("-44.0000")
    enter_cost(product, Decimal("11"), date(2026, 4, 1), actor=frieda, at=AT)
    assert sums()[("K1", 40)] == Decimal("-42.0000")


def test_a_return_gives_the_goods_back(frieda):
    post(frieda, line(1), line(2, "-50.00", kind=20, quantity="-1"))
    enter_cost(Product.objects.get(), Decimal("10"), date(2026, 1, 1), actor=frieda, at=AT)
    assert sums()[("K1", 40)] == Decimal("-10.0000")


def test_a_cost_stated_by_the_file_wins(frieda):
    post(frieda, line(1, cost=Decimal("-70.00")))
    enter_cost(Product.objects.get(), Decimal("10"), date(2026, 1, 1), actor=frieda, at=AT)
    assert sums()[("K1", 40)] == Decimal("-70.0000")


def test_undo_leaves_nothing_and_the_file_can_come_again(frieda):
    posted = post(frieda, line(1, discount=Decimal("-5")))
    enter_cost(Product.objects.get(), Decimal("10"), date(2026, 1, 1), actor=frieda, at=AT)
    undo_batch(posted.batch, actor=frieda, at=AT)
    assert sums() == {}
    assert post(frieda, line(1, discount=Decimal("-5"))).settled.new == 1
    assert sums() == {
        ("K1", 10): Decimal("100.0000"),
        ("K1", 30): Decimal("-5.0000"),
        ("K1", 40): Decimal("-20.0000"),
    }


def test_undo_of_a_correction_brings_the_first_line_back(frieda):
    post(frieda, line(1, cost=Decimal("-60")))
    correction = post(frieda, line(1, "90.00", cost=Decimal("-50")))
    undo_batch(correction.batch, actor=frieda, at=AT)
    assert sums() == {("K1", 10): Decimal("100.0000"), ("K1", 40): Decimal("-60.0000")}


def test_undo_is_refused_where_a_later_batch_builds_on_it(frieda):
    first = post(frieda, line(1))
    second = post(frieda, line(1, "90.00"))
    with pytest.raises(UndoRefused, match=str(second.batch.pk)):
        undo_batch(first.batch, actor=frieda, at=AT)
    undo_batch(second.batch, actor=frieda, at=AT)
    undo_batch(first.batch, actor=frieda, at=AT)
    assert sums() == {}
    with pytest.raises(UndoRefused):
        undo_batch(first.batch, actor=frieda, at=AT)


def test_two_sources_may_use_the_same_numbers(frieda):
    post(frieda, line(1))
    post(frieda, line(1), document=Document("Store"))
    assert sums() == {("K1", 10): Decimal("200.0000")}


def test_a_failure_half_way_leaves_nothing(frieda):
    with pytest.raises(DatabaseError), transaction.atomic():
        # Two lines of one key: the second violates the ledger's uniqueness at the very end.
        post(frieda, line(1), line(2), line(2, "7.00"))
    assert not Entry.objects.exists()
    assert not Customer.objects.exists()
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    "statement", ["UPDATE ledger_entry SET amount = 0", "DELETE FROM ledger_entry"]
)
def test_the_table_refuses_to_rewrite_history(frieda, statement):
    post(frieda, line(1))
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)


amounts = st.decimals(-1000, 1000, places=4).filter(bool)
some_lines = st.dictionaries(
    st.tuples(st.sampled_from(["K1", "K2"]), st.integers(1, 4)), amounts, max_size=5
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("post"), some_lines),
        st.tuples(st.just("undo"), st.integers(0, 5)),
        st.tuples(st.just("cost"), st.decimals(1, 50, places=2)),
    ),
    max_size=8,
)


def one(number, amount):
    return "post", {("K1", number): Decimal(amount)}


def cost(amount):
    return "cost", Decimal(amount)


undo = ("undo", 0)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example([one(2, 1), one(2, -1), cost(3), undo])
@example([one(1, 1), cost(2), one(2, 1), cost(1), undo])
@example([one(1, 1), cost(1), one(1, -1), undo, undo])
@given(steps)
def test_any_history_agrees_with_a_naive_ledger(frieda, history):
    """Posting, correcting, undoing and cost changes against a dictionary of what stands."""
    point = transaction.savepoint()
    try:
        _play(frieda, history)
    finally:
        transaction.savepoint_rollback(point)


def _play(frieda, history):
    standing: dict[tuple[str, int], Decimal] = {}
    batches: list[tuple[Batch, dict]] = []
    cost = None
    for what, given_value in history:
        if what == "post" and given_value:
            lines = [
                line(number, amount, customer=customer, kind=10 if amount > 0 else 20,
                     quantity="1" if amount > 0 else "-1", document=f"R{customer}")
                for (customer, number), amount in given_value.items()
            ]  # fmt: skip
            posted = post(frieda, *lines)
            batches.append((posted.batch, dict(standing)))
            standing.update(given_value)
        elif what == "undo" and batches:
            batch, before = batches[-1]
            undo_batch(batch, actor=frieda, at=AT)
            standing = before
            batches.pop()
        elif what == "cost" and Product.objects.exists():
            cost = given_value
            enter_cost(Product.objects.get(), cost, date(2026, 1, 1), actor=frieda, at=AT)
    assert sums() == _expected(standing, cost)


def _expected(standing, cost):
    found: dict[tuple[str, int], Decimal] = {}
    for (customer, _number), amount in standing.items():
        kind = 10 if amount > 0 else 20
        key = (customer, kind)
        found[key] = found.get(key, Decimal(0)) + amount
        if cost is not None:
            goods = -cost if amount > 0 else cost
            found[(customer, 40)] = found.get((customer, 40), Decimal(0)) + goods
    return {key: total for key, total in found.items() if total}
