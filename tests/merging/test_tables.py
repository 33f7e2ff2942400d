"""Nothing is lost: every table is moved or says why not, and an undo puts back what was."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kundenstamm.customers import moving
from kundenstamm.customers.actions import keep_confidential
from kundenstamm.customers.merge_actions import UNDO_DAYS, merge, perform, put_back, undo
from kundenstamm.customers.models import Customer, Merge
from kundenstamm.guard.people_actions import Refused
from kundenstamm.guard.rights import Forbidden
from kundenstamm.ledger.models import Entry
from tests.wall.conftest import AT

# Journals of what happened: a merge and its undo happened, and both stay on record.
JOURNALS = {
    "guard_auditentry", "guard_unsealed", "guard_auditlink", "serving_monthchange",
    "customers_merge", "customers_mergemove", "ledger_batch", "ledger_entry", "ledger_source",
    "chain_change", "acquisition_touched",
}  # fmt: skip


def pointing():
    """Every field of every model that points to a customer."""
    for model in apps.get_models():
        if not model._meta.managed:
            continue
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is Customer:
                yield model._meta.label, field.name


def test_every_table_with_a_customer_moves_or_says_why_not():
    said = {each.covers for each in moving.movers()} | set(moving.staying())
    missing = set(pointing()) - said
    assert not missing, f"Register what becomes of these when customers merge: {sorted(missing)}"
    assert said == set(pointing())


def tables():
    """All rows of all tables of ours, but journals; links to entries by what these say."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            ours = model.__module__.startswith("kundenstamm")
            if not ours or not model._meta.managed or table in JOURNALS:
                continue
            left_out = "- 'entry_id'" if table == "terms_agreemententry" else ""
            cursor.execute(f"SELECT (to_jsonb(t) {left_out})::text FROM {table} AS t")
            found[table] = Counter(row for (row,) in cursor.fetchall())
        cursor.execute(
            "SELECT customer_id, date, kind, amount, quantity, product_id, source_id, document,"
            " line, part FROM ledger_entry AS e WHERE reverses_id IS NULL"
            " AND NOT EXISTS (SELECT FROM ledger_entry AS u WHERE u.reverses_id = e.id)"
        )
        found["standing"] = Counter(cursor.fetchall())
        cursor.execute(
            "SELECT link.agreement_id, e.document, e.line, e.part, e.kind, e.customer_id"
            " FROM terms_agreemententry AS link JOIN ledger_entry AS e ON e.id = link.entry_id"
        )
        found["links"] = Counter(cursor.fetchall())
    return found


def sums():
    """Of the ledger, over everything but whose it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT date, kind, sum(amount) FROM ledger_line GROUP BY 1, 2 ORDER BY 1, 2"
        )
        lines = [row for row in cursor.fetchall() if row[2]]
        cursor.execute("SELECT sum(amount), sum(quantity) FROM ledger_entry")
        return lines, cursor.fetchone()


def who(name):
    return Customer.objects.get(name=name)


# Where the kept one has its own, that of the dropped one stays behind.
ONE_EACH = ("ledger.Entry", "customers.Star", "today.Answer", "acquisition.Touch",
            "acquisition.Origin", "acquisition.Referral", "departures.HandoverLine")  # fmt: skip
OPEN = "ABEFGHIJKLMN"


@settings(
    max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.permutations(OPEN).map(lambda order: order[:2]))
def test_merged_and_undone_is_as_before(cast, order):
    keep, drop = (who(f"Wort{letter}") for letter in order)
    before, money = tables(), sums()
    made = Merge.objects.create(kept=keep, dropped=drop, asked_by=cast["Frieda"], asked_at=AT)
    try:
        perform(made, at=AT)
    except Refused:  # one stands above the other in the chain
        made.delete()
        assert tables() == before
        return
    assert sums() == money
    merged = tables()
    assert merged != before
    put_back(made, actor=cast["Frieda"], at=AT + timedelta(days=1))
    assert sums() == money
    assert tables() == before


@pytest.fixture
def merged(cast):
    keep, drop = who("WortA"), who("WortB")
    return merge(keep, drop, actor=cast["Frieda"], at=AT)


def test_what_moves_is_the_kept_ones(merged):
    """Only what was said to stay is left with the dropped one, and what the kept one has too."""
    with connection.cursor() as cursor:
        for mover in moving.movers():
            label, field = mover.covers
            model = apps.get_model(label)
            if label in ONE_EACH:
                continue
            left = model._base_manager.filter(**{f"{field}_id": merged.dropped_id})
            assert not left.exists(), label
        cursor.execute(
            "SELECT coalesce(sum(amount), 0) FROM ledger_entry WHERE customer_id = %s",
            [merged.dropped_id],
        )
        assert cursor.fetchone() == (0,)
    assert merged.told["moved"]["ledger.Entry.customer"] > 0


def test_the_ledger_keeps_whose_entries_they_were(merged):
    theirs = Entry.objects.filter(customer=merged.dropped_id)
    booked = theirs.filter(reverses=None)
    assert booked.exists()
    assert theirs.count() == 2 * booked.count()


def test_two_merges_are_undone_in_turn(merged, cast):
    frieda = cast["Frieda"]
    second = merge(who("WortE"), who("WortA"), actor=frieda, at=AT)
    dropped = Customer.objects.get(pk=merged.dropped_id)
    assert dropped.merged_into_id == who("WortE").pk
    with pytest.raises((Refused, Forbidden)):
        undo(merged, actor=frieda, at=AT)
    undo(second, actor=frieda, at=AT)
    dropped.refresh_from_db()
    assert dropped.merged_into_id == who("WortA").pk
    undo(merged, actor=frieda, at=AT)
    dropped.refresh_from_db()
    assert (dropped.merged_into_id, dropped.withdrawn) == (None, False)


def test_after_a_month_it_stands(merged, cast):
    with pytest.raises(Refused, match=str(UNDO_DAYS)):
        undo(merged, actor=cast["Frieda"], at=AT + timedelta(days=UNDO_DAYS, seconds=1))


@pytest.mark.parametrize(
    ("person", "keep", "drop", "error"),
    [
        ("Doris", "WortA", "WortB", Forbidden),  # has not the right
        ("Anna", "WortA", "WortB", Forbidden),  # does not know the other one
        ("Anna", "WortA", "WortG", None),  # serves both alone
        ("Frieda", "WortC", "WortA", Refused),  # confidential, and not
        ("Frieda", "WortA", "WortA", Refused),
        ("Bernd", "WortF", "WortB", None),
        ("Greta", "WortA", "WortG", None),  # leads Anna
        ("Emil", "WortA", "WortB", Forbidden),
    ],
)
def test_who_may_merge(cast, person, keep, drop, error):
    actor = cast[person]
    if error is None:
        assert merge(who(keep), who(drop), actor=actor, at=AT).state == Merge.State.DONE
        return
    with pytest.raises(error):
        merge(who(keep), who(drop), actor=actor, at=AT)
    assert not Merge.objects.exclude(state=Merge.State.FAILED).exists()


def test_who_serves_not_alone_does_not_merge(cast):
    """A representative merges own customers only, not those that others serve as well."""
    kept = who("WortA")
    other = kept.assignments.get().representative.__class__.objects.get(code="Bernd")
    kept.assignments.create(representative=other, starts=AT.date())
    with pytest.raises(Refused):
        merge(kept, who("WortG"), actor=cast["Anna"], at=AT)


def test_both_confidential_may_be_merged(cast):
    frieda = cast["Frieda"]
    for name in ("WortA", "WortB"):
        keep_confidential(who(name), actor=frieda, at=AT)
    assert merge(who("WortA"), who("WortB"), actor=frieda, at=AT).state == Merge.State.DONE
