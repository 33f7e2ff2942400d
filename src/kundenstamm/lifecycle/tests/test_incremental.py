"""A run that scores only who is touched gives what a run from scratch gives by the same models."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kundenstamm.company.models import CompanyProfile
from kundenstamm.customers.models import Customer
from kundenstamm.ledger.models import Batch, Entry, EntryKind, ProductCategory, Source
from kundenstamm.lifecycle import actions
from kundenstamm.lifecycle.actions import value_all
from kundenstamm.lifecycle.frames import base, reading, valuation
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.lifecycle.tests.books import AS_OF, AT, customers, post

pytestmark = pytest.mark.django_db
SALE, RETURN, VISIT = EntryKind.SALE, EntryKind.RETURN, EntryKind.VISIT
MANY = 220
# Late enough for days that move on.
LATER = AT + timedelta(days=30)


@pytest.fixture
def blocks_of_eight(monkeypatch):
    monkeypatch.setattr(base, "BLOCK", 8)


@pytest.fixture
def valued(frieda, blocks_of_eight):
    """Many customers at their own pace, some of whom stopped; valued as of one day."""
    known = customers(*(f"Kunde {n}" for n in range(MANY)))
    lines = []
    for n, customer in enumerate(known):
        pace, until = 15 + 7 * (n % 9), AS_OF - timedelta(days=37 * (n % 11))
        day = AS_OF - timedelta(days=500 - 13 * (n % 17))
        while day <= until:
            lines.append((customer, day, SALE, 50 + 10 * (n % 23)))
            lines += [(customer, day, VISIT, -15)] if n % 3 == 0 else []
            day += timedelta(days=pace)
    post(frieda, lines)
    value_all(as_of=AS_OF, actor=frieda, at=AT)
    return known


def _block_of(customer, known):
    """How many share the customer's block: the first and the last may be cut by the numbering."""
    return sum(other.pk // 8 == customer.pk // 8 for other in known)


def _from_scratch(run, actor, monkeypatch):
    """Another run of the same day, by the same models, that reads and scores everything."""
    with monkeypatch.context() as patched:
        patched.setattr(
            actions,
            "valuation",
            lambda as_of, profile, _earlier, *, refit: valuation.whole(
                as_of, profile, reading.read_now(profile), run.models_fitted
            ),
        )
        again = value_all(as_of=run.as_of, actor=actor, at=LATER)
    assert again.scored == again.customers
    return again


def _values(run):
    names = [f.attname for f in Estimate._meta.fields if f.attname not in ("id", "run_id")]
    return list(run.estimates.order_by("rank").values_list(*names))


def _assert_equal(one, other):
    assert one.models_fitted == other.models_fitted
    assert _values(one) == _values(other)
    assert one.totals == other.totals
    assert one.ledger_read == other.ledger_read


def _reverse(actor, customer):
    """Take the customer's newest sale that stands back."""
    gone = Entry.objects.filter(customer=customer, reverses__isnull=False).values("reverses")
    newest = Entry.objects.filter(customer=customer, kind=SALE, reverses__isnull=True)
    entry = newest.exclude(pk__in=gone).order_by("-date", "-id").first()
    if entry is None:
        return
    source = Source.objects.get(name="books")
    batch = Batch.objects.create(kind="undo", source=source, actor=actor, made_at=AT)
    Entry.objects.create(
        customer=customer, date=entry.date, kind=entry.kind, amount=-entry.amount, source=source,
        batch=batch, document=f"R{batch.pk}", line=1, reverses=entry,
    )  # fmt: skip


def _part(_actor, customer):
    Customer.objects.filter(pk=customer.pk).update(parted_on=AS_OF - timedelta(days=3))


def _withdraw(_actor, customer):
    Customer.objects.filter(pk=customer.pk).update(withdrawn=True)


def _enter(actor, _customer):
    [new] = customers("Neu")
    post(actor, [(new, AS_OF - timedelta(days=1), SALE, 70)])
    customers("Interessent")


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.integers(0, MANY - 1),
            st.tuples(
                st.integers(-400, 3), st.sampled_from([SALE, RETURN, VISIT]), st.integers(1, 900)
            ),
        ),
        st.tuples(st.integers(0, MANY - 1), st.sampled_from([_reverse, _part, _withdraw, _enter])),
    ),
    max_size=6,
)


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rounds=st.lists(st.tuples(STEPS, st.sampled_from([0, 0, 1, 4])), min_size=1, max_size=3))
def test_any_changes_give_what_a_run_from_scratch_gives(valued, frieda, monkeypatch, rounds):
    with transaction.atomic():
        day = AS_OF
        for steps, later in rounds:
            for who, what in steps:
                _do(frieda, valued[who], what)
            day += timedelta(days=later)
            run = value_all(as_of=day, actor=frieda, at=LATER)
            assert (run.scored < run.customers) == (later == 0)
        _assert_equal(run, _from_scratch(run, frieda, monkeypatch))
        transaction.set_rollback(True)


def _do(actor, customer, what):
    if callable(what):
        what(actor, customer)
        return
    days, kind, amount = what
    signed = amount if kind == SALE else -amount
    post(actor, [(customer, AS_OF + timedelta(days=days), kind, signed)])


def test_only_the_touched_are_scored_and_nothing_else_changes(valued, frieda):
    first = value_all(as_of=AS_OF, actor=frieda, at=AT)
    assert first.scored == 0
    post(frieda, [(valued[5], AS_OF, SALE, 100)])
    before = dict(first.estimates.values_list("customer", "expected_contribution"))
    run = value_all(as_of=AS_OF, actor=frieda, at=AT)
    after = dict(run.estimates.values_list("customer", "expected_contribution"))
    assert run.scored == _block_of(valued[5], valued) <= 8
    assert {pk for pk in after if after[pk] != before[pk]} == {valued[5].pk}
    assert run.models_fitted == first.models_fitted


def test_entries_that_join_a_known_batch_touch_their_customers(valued, frieda):
    """As the goods do of a product whose cost has changed: a job posts them later."""
    post(frieda, [(valued[9], AS_OF, SALE, 30)])
    value_all(as_of=AS_OF, actor=frieda, at=AT)
    batch = Batch.objects.latest("id")
    Entry.objects.create(
        customer=valued[9], date=AS_OF, kind=VISIT, amount=Decimal(-5),
        source=batch.source, batch=batch, document="late", line=1,
    )  # fmt: skip
    run = value_all(as_of=AS_OF, actor=frieda, at=AT)
    assert run.scored == _block_of(valued[9], valued) <= 8
    assert run.estimates.get(customer=valued[9]).year_cost_to_serve <= -5


def test_another_margin_changes_everybody(valued, frieda, monkeypatch):
    ProductCategory.objects.create(name="Brot", margin=Decimal("0.4"))
    CompanyProfile.objects.create(pk=1, default_margin=Decimal("0.5"))
    run = value_all(as_of=AS_OF, actor=frieda, at=AT)
    assert run.scored == run.customers
    _assert_equal(run, _from_scratch(run, frieda, monkeypatch))


def _fitted_on(run):
    return run.models_fitted["fitted_on"]


def test_models_are_kept_for_a_week_and_then_fitted_anew(valued, frieda):
    after = [value_all(as_of=AS_OF + timedelta(n), actor=frieda, at=LATER) for n in (3, 7, 8)]
    days = [AS_OF.isoformat()] * 2 + [(AS_OF + timedelta(8)).isoformat()]
    assert [_fitted_on(run) for run in after] == days


def test_models_of_a_later_day_are_not_used_for_an_earlier_one(valued, frieda):
    run = value_all(as_of=AS_OF - timedelta(2), actor=frieda, at=AT)
    assert _fitted_on(run) == run.as_of.isoformat()


def test_asked_for_models_are_fitted_anew(valued, frieda):
    value_all(as_of=AS_OF + timedelta(1), actor=frieda, at=LATER)
    run = value_all(as_of=AS_OF + timedelta(1), actor=frieda, at=LATER, refit=True)
    assert _fitted_on(run) == run.as_of.isoformat()
    assert run.scored == run.customers


@pytest.mark.parametrize("days", [0, 1])
def test_a_base_that_has_grown_by_a_tenth_is_fitted_anew(valued, frieda, days):
    then = value_all(as_of=AS_OF, actor=frieda, at=AT).models_fitted
    spread = [AS_OF - timedelta(n) for n in range(then["purchase_days"] // 10 + 40)]
    post(frieda, [(valued[0], day, SALE, 5) for day in spread])
    run = value_all(as_of=AS_OF + timedelta(days), actor=frieda, at=LATER)
    assert run.models_fitted["occasions"] != then["occasions"]
    assert run.scored == run.customers


def test_other_limits_or_years_are_fitted_anew(valued, frieda):
    CompanyProfile.objects.create(pk=1, value_years=3)
    run = value_all(as_of=AS_OF, actor=frieda, at=AT)
    assert run.models_fitted["horizon"]["years"] == 3
    assert run.scored == run.customers
