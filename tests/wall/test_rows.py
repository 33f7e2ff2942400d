"""Both walls let each person of the cast see just the rows that the plain policy allows."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from kundenstamm.chain.models import SellThrough
from kundenstamm.customers.models import Assignment, Customer
from kundenstamm.guard import confided
from kundenstamm.guard.acting import name_actor
from kundenstamm.guard.models import Alarm
from kundenstamm.guard.queries import NeedToKnowQuerySet, customer_column
from kundenstamm.guard.rights import REACH, Right, may
from kundenstamm.guard.wall import AUDIT, tables
from kundenstamm.kit.postgres.roles import APP
from tests.wall.conftest import AT, CAST, TODAY

# What is confided to few is held to by `test_departures`.
MODELS = [
    model
    for model in apps.get_models()
    if customer_column(model) and model._meta.db_table not in ("departures_handoverline",)
]


def by_database(person, model, at=AT):
    """Names of the customers whose rows of a model the database gives to a person."""
    names = dict(Customer.objects.values_list("pk", "name"))
    with transaction.atomic():
        name_actor(person, at=at)
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {APP}")
            cursor.execute(f"SELECT {customer_column(model)} FROM {model._meta.db_table}")
            found = {names[pk] for (pk,) in cursor.fetchall()}
            cursor.execute("RESET ROLE")
    return found


def by_application(person, model):
    column = model._default_manager.all().customer_path
    path = f"{column}__name" if column else "name"
    return set(model._default_manager.visible_to(person).values_list(path, flat=True))


def truth(model):
    """Names of all customers that a model has rows of."""
    column = model._default_manager.all().customer_path
    return set(
        model._default_manager.values_list(f"{column}__name" if column else "name", flat=True)
    )


@pytest.mark.parametrize("wall", [by_database, by_application])
def test_each_person_sees_what_the_policy_allows(cast, facts, wall):
    assert len(MODELS) >= 8
    for name, person in cast.items():
        for model in MODELS:
            assert wall(person, model) == facts.known(name) & truth(model), (name, model)


def test_the_walls_stand_on_rows_of_every_table(cast, facts):
    """A table without rows would pass the test above whatever its policy."""
    for model in MODELS:
        hidden = truth(model) - facts.known("Anna")
        assert hidden, model


def test_each_policy_is_needed(cast, facts, record_property):
    """With any single policy gone, somebody sees too much: so the test above would turn red."""
    caught = {}
    for behind in tables():
        if behind.table not in {model._meta.db_table for model in MODELS}:
            continue
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"ALTER POLICY known ON {behind.table} USING (true)")
            model = next(m for m in MODELS if m._meta.db_table == behind.table)
            leaks = [
                name
                for name, person in cast.items()
                if by_database(person, model) - facts.known(name)
            ]
            caught[behind.table] = leaks
            transaction.set_rollback(True)
    record_property("dropped, caught", caught)
    assert all(caught.values()), caught


def test_each_policy_of_the_audit_is_needed(cast, record_property):
    """Without it whoever has no right to the audit reads it."""
    Alarm.objects.create(at=AT, kind=Alarm.Kind.EMERGENCY, person=cast["Bernd"], reason="Probe")
    readers = {name for name in CAST if may(cast[name], Right.AUDIT)}
    caught = {}
    for table in AUDIT:
        assert _readers_of(table, cast) == readers
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"ALTER POLICY known ON {table} USING (true)")
            caught[table] = sorted(_readers_of(table, cast) - readers)
            transaction.set_rollback(True)
    record_property("dropped, caught", caught)
    assert all(caught.values()), caught


def _readers_of(table, cast):
    found = set()
    for name, person in cast.items():
        with transaction.atomic(), connection.cursor() as cursor:
            name_actor(person, at=AT)
            cursor.execute(f"SET LOCAL ROLE {APP}")
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
            found |= {name} if cursor.fetchone()[0] else set()
            cursor.execute("RESET ROLE")
    return found


def test_of_a_report_both_customers_must_be_known(cast):
    """Anna knows the dealer; the end customer is confidential, and opened to Bernd only."""
    ends = {name: Customer.objects.get(name=name) for name in ("WortA", "WortD", "WortJ")}
    source = SellThrough.objects.first().source
    for end in ("WortD", "WortJ"):
        SellThrough.objects.create(
            dealer=ends["WortA"], end_customer=ends[end], first_day=TODAY, last_day=TODAY,
            amount=1, source=source, document=f"Beide {end}",
        )  # fmt: skip
    both = SellThrough.objects.visible_to(cast["Anna"]).filter(document__startswith="Beide")
    assert [each.end_customer.name for each in both] == ["WortJ"]
    with transaction.atomic(), connection.cursor() as cursor:
        name_actor(cast["Anna"], at=AT)
        cursor.execute(f"SET LOCAL ROLE {APP}")
        cursor.execute("SELECT document FROM chain_sellthrough WHERE document LIKE 'Beide%'")
        assert cursor.fetchall() == [("Beide WortJ",)]
        cursor.execute("RESET ROLE")


def as_the_site(statement, person=None):
    """What the site's own log-in would get to hear."""
    with transaction.atomic(), connection.cursor() as cursor:
        if person:
            name_actor(person, at=AT)
        cursor.execute(f"SET LOCAL ROLE {APP}")
        cursor.execute(statement)


def test_nobody_named_is_an_error_and_not_emptiness(cast):
    for behind in tables():
        with pytest.raises(DatabaseError, match="nobody's behalf"):
            as_the_site(f"SELECT count(*) FROM {behind.table}")


def test_every_table_is_forced_behind_the_wall(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        forced = {name for (name,) in cursor.fetchall()}
    walled = {behind.table for behind in tables()} | set(confided.tables())
    assert walled | set(AUDIT) == forced


def test_rows_of_others_cannot_be_written(cast):
    hidden = Customer.objects.get(name="WortB")
    with transaction.atomic():
        name_actor(cast["Anna"], at=AT)
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {APP}")
            cursor.execute("UPDATE customers_customer SET name = 'x' WHERE id = %s", [hidden.pk])
            assert cursor.rowcount == 0
            cursor.execute("DELETE FROM customers_contact WHERE customer_id = %s", [hidden.pk])
            assert cursor.rowcount == 0
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                cursor.execute(
                    "INSERT INTO customers_contact (key, customer_id, name, function, email,"
                    " email_index, phone, phone_index, is_main)"
                    " VALUES (gen_random_uuid(), %s, '', '', '', '', '', '', false)",
                    [hidden.pk],
                )
            cursor.execute("RESET ROLE")


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE customers_customer CASCADE",
        "ALTER TABLE customers_customer DISABLE ROW LEVEL SECURITY",
        "DROP POLICY known ON customers_customer",
        "INSERT INTO ledger_entry (customer_id) VALUES (1)",
        "UPDATE lifecycle_estimate SET rank = 1",
        "DELETE FROM serving_allocationrun",
        "DELETE FROM serving_monthchange",
        "SELECT before FROM importers_rowchange",
    ],
)
def test_the_site_cannot_step_over_the_wall(cast, statement):
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
        as_the_site(statement, cast["Frieda"])


def test_reaches_are_the_same_in_the_database_and_in_the_table_of_rights(cast):
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, guard_reach(id) FROM guard_user WHERE is_active")
        found = dict(cursor.fetchall())
    assert found == {name: REACH[CAST[name]].value for name in found}
    assert len(found) == len(CAST) - 1


def test_a_right_that_ends_has_ended(cast, facts):
    """Assignment, grant, role, lock: each on the next question."""
    anna = cast["Anna"]
    assert "WortA" in by_database(anna, Customer)
    Assignment.objects.filter(customer__name="WortA").update(ends=facts.served[2][3])
    assert not {"WortA", "WortJ", "WortK"} & by_database(anna, Customer)
    anna.grants.filter(kind="open").update(ends_at=AT)
    assert "WortN" not in by_database(anna, Customer)
    anna.role = "auditor"
    anna.save()
    assert by_database(anna, Customer) == by_application(anna, Customer) == set()
    doris = cast["Doris"]
    doris.is_active = False
    doris.save()
    assert by_database(doris, Customer) == by_application(doris, Customer) == set()


def test_models_about_customers_are_behind_the_wall():
    for model in MODELS:
        assert isinstance(model._default_manager.all(), NeedToKnowQuerySet)
