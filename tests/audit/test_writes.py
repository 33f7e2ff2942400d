"""Whatever is written stands in the audit, with who, how and by which request."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from kundenstamm.customers.actions import assign, open_to
from kundenstamm.customers.models import Contact, Customer, Representative
from kundenstamm.guard.acting import Way, name_actor, working_for
from kundenstamm.guard.audit import triggers
from kundenstamm.guard.models import AuditEntry, Role, Team
from kundenstamm.guard.people_actions import give_role
from kundenstamm.guard.queries import customer_column
from kundenstamm.kit.postgres.roles import APP, WORK
from tests.audit.conftest import AT
from tests.wall.conftest import TODAY


def test_a_write_names_actor_request_channel_address_and_customer(cast, noted):
    way = Way("r1", "page", "192.0.2.7")
    name_actor(cast["Frieda"], at=AT, way=way)
    customer = Customer.objects.get(name="WortA")
    customer.city, customer.confidential = "Anderswo", True
    customer.save()
    (entry,) = noted()
    assert (entry.kind, entry.what) == ("update", "customers_customer")
    assert (entry.actor, entry.request) == (cast["Frieda"].pk, "r1")
    assert (entry.channel, entry.address) == ("page", "192.0.2.7")
    assert entry.rows == entry.customers == [customer.pk]
    assert sorted(entry.detail["columns"]) == ["city", "confidential"]
    assert entry.detail["values"][0]["confidential"] == [False, True]


def test_no_personal_value_is_noted(cast, noted):
    customer = Customer.objects.get(name="WortA")
    Contact.objects.filter(customer=customer).update(name="Frau Geheim")
    customer.name = "Ganz Geheim GmbH"
    customer.save()
    found = noted()
    assert [entry.what for entry in found] == ["customers_contact", "customers_customer"]
    assert all("Geheim" not in str(entry.detail) for entry in found)


def test_what_does_not_change_is_not_noted(cast, noted):
    customer = Customer.objects.get(name="WortA")
    customer.save()
    Customer.objects.filter(name="niemand").update(city="x")
    assert noted() == []


def test_many_rows_of_one_statement_are_one_entry(db, noted):
    made = Customer.objects.bulk_create(
        Customer(number=f"N{n}", name=f"N{n}", created_at=AT) for n in range(150)
    )
    (entry,) = noted()
    assert len(entry.rows) == len(entry.customers) == 150
    assert "values" not in entry.detail
    Customer.objects.filter(pk__in=[each.pk for each in made]).delete()
    deleted = [e for e in noted() if (e.kind, e.what) == ("delete", "customers_customer")]
    assert sum(len(entry.rows) for entry in deleted) == 150
    assert len(deleted) < 5


def test_rights_are_noted_by_value(cast, noted):
    frieda, anna = cast["Frieda"], cast["Anna"]
    name_actor(frieda, at=AT)
    give_role(anna, Role.SERVICE, actor=frieda, at=AT)
    customer = Customer.objects.get(name="WortB")
    open_to(anna, customer, "Vertretung", actor=frieda, at=AT)
    assign(customer, Representative.objects.get(code="Anna"), TODAY, actor=frieda, at=AT)
    Team.objects.get(name="Team 0").members.remove(anna)
    told = {(entry.what, entry.kind): entry.detail["values"][-1] for entry in noted()}
    assert told["guard_user", "update"]["role"] == ["representative", "service"]
    assert told["customers_grant", "insert"]["person_id"] == [anna.pk]
    assert told["customers_assignment", "insert"]["starts"] == [TODAY.isoformat()]
    assert told["guard_team_members", "delete"]["user_id"] == [anna.pk]


def test_commands_and_jobs_work_for_somebody_and_forget_it(cast, noted):
    customer = Customer.objects.get(name="WortA")
    with working_for(cast["Doris"], at=AT, way=Way("j1", "job")):
        customer.city = "Eins"
        customer.save()
    customer.city = "Zwei"
    customer.save()
    first, second = noted()
    assert (first.actor, first.channel, first.request) == (cast["Doris"].pk, "job", "j1")
    assert (second.actor, second.channel) == (None, "")


def test_every_table_about_customers_is_audited_or_a_journal():
    watched = {each.table for each in triggers.audited()}
    for model in apps.get_models():
        if customer_column(model) and model._meta.managed:
            assert model._meta.db_table in watched | triggers.JOURNALS


def test_each_trigger_is_needed(cast, record_property):
    """Each table in turn with and without its trigger: only the trigger makes the entry."""
    made = {each.table: _entries_of_deleting(each.table) for each in triggers.audited()}
    record_property("trigger there, trigger gone", made)
    filled = {table: counts for table, counts in made.items() if counts != (None, None)}
    assert len(filled) >= 9
    assert set(filled.values()) == {(1, 0)}


def _entries_of_deleting(table):
    """How many entries it leaves when every row goes, with the trigger and without it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
        if not cursor.fetchone()[0]:
            return None, None
    return _deleted(table, ""), _deleted(table, f"DROP TRIGGER audit_delete ON {table};")


def _deleted(table, first):
    with transaction.atomic(), connection.cursor() as cursor:
        before = AuditEntry.objects.filter(what=table).count()
        cursor.execute(f"{first} SET CONSTRAINTS ALL DEFERRED; DELETE FROM {table}")
        made = AuditEntry.objects.filter(what=table).count() - before
        transaction.set_rollback(True)
    return made


def as_role(role, person, statement):
    """What a log-in of that group gets to hear."""
    with transaction.atomic(), connection.cursor() as cursor:
        name_actor(person, at=AT)
        cursor.execute(f"SET LOCAL ROLE {role}")
        cursor.execute(statement)


@pytest.mark.parametrize("role", [APP, WORK])
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO guard_auditentry (at, kind, what) VALUES (now(), 'read', 'x')",
        "UPDATE guard_auditentry SET actor = 1",
        "DELETE FROM guard_auditentry",
        "TRUNCATE guard_auditentry",
        "UPDATE guard_auditlink SET entry = 1",
        "DELETE FROM guard_auditlink",
        "DELETE FROM guard_alarm",
        "ALTER TABLE guard_auditentry DISABLE TRIGGER audit_append_only",
        "DROP TRIGGER audit_update ON customers_customer",
    ],
)
def test_no_log_in_of_the_site_or_the_worker_rewrites_it(cast, role, statement):
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
        as_role(role, cast["Frieda"], statement)


@pytest.mark.parametrize("statement", ["UPDATE guard_auditentry SET actor = 1",
                                       "DELETE FROM guard_auditentry"])  # fmt: skip
def test_the_owner_of_the_tables_is_refused_too(cast, statement):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("name", "reads"), [("Frieda", True), ("Ida", True), ("Emil", True), ("Anna", False),
                        ("Doris", False), ("Greta", False), ("Clara", False)]
)  # fmt: skip
def test_who_may_read_it(cast, name, reads):
    person = cast[name]
    assert AuditEntry.objects.visible_to(person).exists() is reads
    with transaction.atomic(), connection.cursor() as cursor:
        name_actor(person, at=AT)
        cursor.execute(f"SET LOCAL ROLE {APP}")
        cursor.execute("SELECT count(*) > 0 FROM guard_auditentry")
        assert cursor.fetchone()[0] is reads
        cursor.execute("RESET ROLE")
