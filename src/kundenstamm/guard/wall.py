"""The second wall: row-level policies on every table that holds rows about customers.

Which tables these are follows from the models: whatever begins its queries with ``visible_to``
gets a policy. They are put up after every migration, so a new table is behind the wall from its
first day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection

from kundenstamm.guard import confided
from kundenstamm.guard.audit import functions, triggers
from kundenstamm.guard.queries import customer_column, further_columns
from kundenstamm.kit.postgres.roles import APP, WORK

# Written by the whole-base processes only, or append-only; the site may read them.
READ_ONLY = frozenset(
    {"acquisition_arrival", "acquisition_arrivalcost", "acquisition_credit", "acquisition_growing",
     "acquisition_path", "acquisition_touched", "chain_change", "chain_reckoning", "chain_standing",
     "guard_sealingkey", "ledger_entry", "lifecycle_estimate", "lifecycle_evidence",
     "lifecycle_quartersum", "lifecycle_stagechange", "playbooks_following", "pursuits_learning",
     "relations_bond", "relations_colleague", "relations_firmday", "relations_personday",
     "relations_reckoning", "relations_tie", "serving_allocationrun", "serving_monthchange",
     "today_outcomes", "today_preparation", "today_step"}
)  # fmt: skip
# Sums over customers whom a reader may not know any more: told by a function of the database only.
UNREAD = ("acquisition_circle", "acquisition_channelage", "acquisition_channelmonth")
# Tables of which the site may read some columns only: an undo needs the before-images, nobody else.
COLUMNS = {
    "importers_rowchange": ("id", "batch_id", '"table"', "row"),
    "customers_mergemove": ("id", "merge_id"),
}
# The audit: written by functions of the database, read by whoever has the right to.
AUDIT = ("guard_auditentry", "guard_alarm")


@dataclass(frozen=True)
class Behind:
    """A table behind the wall, its column with the customer's id, and those of others."""

    table: str
    column: str
    further: tuple[str, ...] = ()

    @property
    def known(self) -> str:
        others = (f"({column} IS NULL OR {policy(column)})" for column in self.further)
        return " AND ".join((f"({policy(self.column)})", *others))


def tables() -> Iterator[Behind]:
    """Every table whose rows are about a customer; views are as their tables are."""
    for model in apps.get_models():
        column = customer_column(model)
        if column and model._meta.managed:
            yield Behind(model._meta.db_table, column, tuple(further_columns(model)))


def policy(column: str) -> str:
    """The condition on a row: each part that does not depend on the row is asked once.

    Somebody may know twenty thousand customers, and a statement meets several policies: a bit is
    looked up by its place, while a list of the ids would be made anew for each of them.
    """
    return (
        "CASE WHEN (SELECT guard_reach(guard_actor()) = 'all')"
        f" THEN {column} NOT IN (SELECT unnest(customers_hidden_from(guard_actor())))"
        f" WHEN {column} < (SELECT customers_known_below(guard_actor()))"
        f" THEN get_bit((SELECT customers_known_bits(guard_actor())), {column} # 56) = 1"
        " ELSE false END"
    )


def raise_wall() -> None:
    """Grants and policies, as of the models now; may be repeated."""
    with connection.cursor() as cursor:
        for statement in statements():
            cursor.execute(statement)


def statements() -> Iterator[str]:
    yield f"GRANT USAGE ON SCHEMA public TO {APP}, {WORK}"
    yield (f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP}, {WORK}")
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP}, {WORK}"
    yield f"REVOKE TRUNCATE ON ALL TABLES IN SCHEMA public FROM {APP}, {WORK}"
    known = connection.introspection.table_names()
    for table in sorted(READ_ONLY.intersection(known)):
        yield f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {APP}"
    for table in sorted(set(known).intersection(UNREAD)):
        yield f"REVOKE ALL ON {table} FROM {APP}"
    for table in sorted(COLUMNS.keys() & set(known)):
        yield f"REVOKE ALL ON {table} FROM {APP}"
        yield f"GRANT SELECT ({', '.join(COLUMNS[table])}) ON {table} TO {APP}"
    for table, condition in _conditions().items():
        if table in known:
            yield from _behind(table, condition)
    if set(AUDIT) <= set(known):
        yield from _audit()
        yield from triggers.statements(frozenset(known))


def _conditions() -> dict[str, str]:
    """Table → when its row is known: by its customer, by what it is confided to, or by both."""
    found = {each.table: each.known for each in tables()}
    for table, condition in confided.tables().items():
        found[table] = f"{found[table]} AND ({condition})" if table in found else condition
    return found


def _audit() -> Iterator[str]:
    """Nobody rewrites it, the worker included; sealing adds links and empties a list."""
    yield functions.MAY_READ
    reads = "(SELECT guard_reads_audit(guard_actor()))"
    confided_to = [each.policy for each in confided.entries()]
    yield from _behind("guard_auditentry", " AND ".join([reads, *confided_to]))
    yield from _behind("guard_alarm", reads)
    yield f"REVOKE INSERT, UPDATE, DELETE ON guard_auditentry FROM {APP}, {WORK}"
    yield f"REVOKE INSERT, UPDATE, DELETE ON guard_alarm FROM {APP}, {WORK}"
    yield f"GRANT UPDATE (seen_by_id, seen_at) ON guard_alarm TO {APP}"
    yield f"REVOKE INSERT, UPDATE, DELETE ON guard_auditlink FROM {APP}"
    yield f"REVOKE ALL ON guard_unsealed FROM {APP}"
    yield f"REVOKE UPDATE, DELETE ON guard_auditlink FROM {WORK}"
    yield f"REVOKE INSERT, UPDATE ON guard_unsealed FROM {WORK}"


def _behind(table: str, known: str) -> Iterator[str]:
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield f"DROP POLICY IF EXISTS known ON {table}"
    yield f"CREATE POLICY known ON {table} TO {APP} USING ({known}) WITH CHECK ({known})"
    yield f"DROP POLICY IF EXISTS whole ON {table}"
    yield f"CREATE POLICY whole ON {table} TO {WORK} USING (true) WITH CHECK (true)"
