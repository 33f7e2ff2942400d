"""Writes are noted by triggers, so nobody can forget to, and nobody can leave them out.

Which tables: those whose rows are about customers, and models that declare ``audited``, the
columns whose values may stand in the audit (nothing personal; of others only the names do). Once a
statement, not once a row: a file of 100,000 customers is one entry. What is a journal itself, with
the batch or run that wrote it in every row, is left out, and so is what a job works out anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from kundenstamm.guard.queries import customer_column

JOURNALS = frozenset(
    {"acquisition_arrival", "acquisition_arrivalcost", "acquisition_touched", "chain_standing",
     "guard_alarm", "guard_auditentry", "ledger_entry", "lifecycle_estimate",
     "lifecycle_quartersum", "lifecycle_stagechange", "relations_bond", "relations_tie",
     "today_step"}
)  # fmt: skip
# Tables of others and of relations: what a person can come in with, and who is in which team.
FOREIGN = {
    "mfa_authenticator": ("user_id", "type"),
    "guard_team_members": ("team_id", "user_id"),
}
# Values of so many rows a statement stand in the entry.
TOLD_ROWS = 100


@dataclass(frozen=True)
class Audited:
    """A table, its column with the customer's id or "", all its columns, those told by value."""

    table: str
    customer: str
    columns: tuple[str, ...]
    told: tuple[str, ...]


def audited() -> Iterator[Audited]:
    """Every table whose writes are noted."""
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        customer = customer_column(model)
        told = getattr(model, "audited", FOREIGN.get(table))
        if table not in JOURNALS and model._meta.managed and (customer or told is not None):
            yield Audited(table, customer, _columns(model), told or ())


def statements(known: frozenset[str]) -> Iterator[str]:
    """Functions and triggers of every such table that exists; may be repeated."""
    for each in audited():
        if each.table not in known:
            continue
        yield _function(each)
        for event, tables in _TRANSITIONS.items():
            yield (
                f"CREATE OR REPLACE TRIGGER audit_{event.lower()} AFTER {event} ON {each.table} "
                f"REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION audit_of_{each.table}()"
            )


_TRANSITIONS = {
    "INSERT": "NEW TABLE AS fresh",
    "UPDATE": "NEW TABLE AS fresh OLD TABLE AS former",
    "DELETE": "OLD TABLE AS former",
}


def _columns(model: type[models.Model]) -> tuple[str, ...]:
    fields = (f for f in model._meta.concrete_fields if not f.generated and not f.primary_key)
    return tuple(str(field.column) for field in fields)


def _function(each: Audited) -> str:
    """All names are our own models': there is nothing to inject."""
    differs = "\n            ".join(
        f"CASE WHEN bool_or(was.{name} IS DISTINCT FROM fresh.{name}) THEN '{name}' END,"
        for name in each.columns
    )
    return f"""
CREATE OR REPLACE FUNCTION audit_of_{each.table}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    touched bigint[];
    about bigint[];
    names text[];
    told jsonb;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(fresh.id ORDER BY fresh.id), {_about(each, "was", "fresh")},
            array_remove(ARRAY[
            {differs}
            NULL], NULL), {_told(each, "was", "fresh")}
        INTO touched, about, names, told
        FROM fresh JOIN former AS was USING (id) WHERE was IS DISTINCT FROM fresh;
    ELSIF TG_OP = 'INSERT' THEN
        SELECT array_agg(fresh.id ORDER BY fresh.id), {_about(each, "fresh")},
            {_told(each, "fresh")}
        INTO touched, about, told FROM fresh;
    ELSE
        SELECT array_agg(was.id ORDER BY was.id), {_about(each, "was")}, {_told(each, "was")}
        INTO touched, about, told FROM former AS was;
    END IF;
    IF touched IS NOT NULL THEN
        PERFORM audit_note(lower(TG_OP), '{each.table}', touched, about, jsonb_strip_nulls(
            jsonb_build_object('columns', to_jsonb(names), 'values',
                CASE WHEN cardinality(touched) <= {TOLD_ROWS} THEN told END)));
        PERFORM set_config('kundenstamm.known', '', true),
            set_config('kundenstamm.known_bits', '', true);
    END IF;
    RETURN NULL;
END $$
"""  # noqa: S608


def _about(each: Audited, *rows: str) -> str:
    """The customers concerned, once each; of a row that changed hands both."""
    if not each.customer:
        return "'{}'::bigint[]"
    named = " || ".join(f"array_agg({row}.{each.customer})" for row in rows)
    return f"(SELECT array_agg(DISTINCT id ORDER BY id) FROM unnest({named}) AS id)"  # noqa: S608


def _told(each: Audited, *rows: str) -> str:
    """For each row its id and the values that may be told: as they were, as they are."""
    if not each.told:
        return "NULL::jsonb"
    pairs = ", ".join(
        f"'{name}', jsonb_build_array({', '.join(f'{row}.{name}' for row in rows)})"
        for name in each.told
    )
    last = rows[-1]
    return f"jsonb_agg(jsonb_build_object('id', {last}.id, {pairs}) ORDER BY {last}.id)"
