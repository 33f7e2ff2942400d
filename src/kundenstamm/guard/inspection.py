"""Does the second wall stand? Every way around it that the database would allow, with its mend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from kundenstamm.guard import confided
from kundenstamm.guard.audit import triggers
from kundenstamm.guard.wall import tables
from kundenstamm.kit.postgres.roles import APP, WORK


@dataclass(frozen=True)
class Finding:
    """What is wrong, and what to do about it."""

    what: str
    mend: str


def gaps(site: str) -> list[Finding]:
    """Ways around the wall for ``site``, the role that answers requests; empty if it stands."""
    return [*_of_role(site), *_of_tables(site)]


def _of_role(site: str) -> Iterator[Finding]:
    found = _row("SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = %s",
                 [site])  # fmt: skip
    if found is None:
        yield Finding(f"The role {site} does not exist.", "Run: kundenstamm database prepare")
        return
    names = ("a superuser", "allowed to bypass row-level security", "allowed to make roles")
    for holds, name in zip(found, names, strict=True):
        if holds:
            yield Finding(
                f"{site} is {name}.",
                f"ALTER ROLE {site} NOSUPERUSER NOBYPASSRLS NOCREATEROLE;",
            )
    for role in _column(_MEMBERSHIPS, [site, site, APP]):
        yield Finding(f"{site} may act as {role}.", f"REVOKE {role} FROM {site};")


def _of_tables(site: str) -> Iterator[Finding]:
    again = "Run the command again as the tables' owner: kundenstamm database prepare"
    for table in _column(_OWNED, [site]):
        yield Finding(f"{site} owns the table {table}.", f"ALTER TABLE {table} OWNER TO …;")
    yield from _of_audit(again)
    walled = set(_column(_WALLED, []))
    for table in (*(behind.table for behind in tables()), *confided.tables()):
        if table not in walled:
            yield Finding(f"The table {table} is not behind the wall.", again)
    for table, policy in _rows(_LOOSE, [APP, WORK]):
        yield Finding(
            f"The policy {policy} on {table} lets the site see every row.",
            f"DROP POLICY {policy} ON {table}; then: kundenstamm database prepare",
        )


def _of_audit(again: str) -> Iterator[Finding]:
    """Every write must be noted: a trigger that is gone or off leaves no other trace."""
    firing = set(_rows(_FIRING, []))
    for each in triggers.audited():
        for event in ("insert", "update", "delete"):
            if (each.table, f"audit_{event}") not in firing:
                yield Finding(f"An {event} in {each.table} is not noted in the audit.", again)
    for table in ("guard_auditentry", "guard_auditlink"):
        if (table, "audit_append_only") not in firing:
            yield Finding(
                f"{table} can be rewritten.",
                f"ALTER TABLE {table} ENABLE TRIGGER audit_append_only;",
            )


# Roles that it could become, other than the one that it should be in.
_MEMBERSHIPS = """
SELECT rolname FROM pg_roles
WHERE rolname <> %s AND pg_has_role(%s, oid, 'MEMBER') AND rolname <> %s
"""
_OWNED = """
SELECT relname FROM pg_class JOIN pg_roles ON pg_roles.oid = relowner
WHERE rolname = %s AND relkind IN ('r', 'p', 'v') AND relnamespace = 'public'::regnamespace
"""
_WALLED = """
SELECT relname FROM pg_class
WHERE relrowsecurity AND relforcerowsecurity AND EXISTS (
    SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND polname = 'known')
"""
_FIRING = """
SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE tgenabled IN ('O', 'A') AND tgname LIKE 'audit%%'
"""
_LOOSE = """
SELECT tablename, policyname FROM pg_policies
WHERE schemaname = 'public' AND (%s = ANY (roles) OR 'public' = ANY (roles))
  AND NOT %s = ANY (roles) AND (qual IS NULL OR qual NOT LIKE '%%guard_actor()%%')
"""


def _rows(statement: str, values: list[str]) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _column(statement: str, values: list[str]) -> list[str]:
    return [row[0] for row in _rows(statement, values)]


def _row(statement: str, values: list[str]) -> tuple[bool, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: tuple[bool, ...] | None = cursor.fetchone()
    return found
