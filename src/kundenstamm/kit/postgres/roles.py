"""Database roles: who may do what to the tables, whoever signs in to the site.

Two groups carry the rights, three log-ins use them. The *app* group sees the rows that the policies
let its actor see. The *work* group sees all rows: migrations, imports and valuations are about the
whole base, and run in processes of their own. The site's log-in is in the app group only and owns
nothing. The backup's log-in reads everything and writes nothing.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

APP = "kundenstamm_app"
WORK = "kundenstamm_work"
# Log-ins belong to one database, for a server may hold several installations.
LOGINS = ("site", "worker", "backup")

# numeric comparison reveals nothing about its operands but PostgreSQL does not say so, and then no
# index serves it behind a policy. Only a superuser can say so; without it some lists are slower.
_LEAKPROOF = ("numeric_lt", "numeric_le", "numeric_gt", "numeric_ge", "numeric_eq", "numeric_cmp")


def login_name(database: str, login: str) -> str:
    return f"{database}_{login}"


def prepare(
    connection: psycopg.Connection, database: str, owner: str, passwords: dict[str, str]
) -> None:
    """Make or mend groups and log-ins; may be repeated. ``connection`` is in ``database``.

    Raises
    ------
    psycopg.errors.InsufficientPrivilege
        The connection's role may not create roles.
    """
    for group in (APP, WORK):
        _create(connection, group, "NOLOGIN")
    for login in LOGINS:
        name = login_name(database, login)
        _create(connection, name, "LOGIN")
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                sql.Identifier(name), sql.Literal(passwords[login])
            )
        )
    site, worker, backup = (sql.Identifier(login_name(database, login)) for login in LOGINS)
    app, work, whose = sql.Identifier(APP), sql.Identifier(WORK), sql.Identifier(owner)
    grant = sql.SQL("GRANT {} TO {}")
    for statement in (
        grant.format(app, site),
        grant.format(work, worker),
        grant.format(work, whose),
        # So that the owner can step down to it: tests of the wall do.
        grant.format(app, whose),
        sql.SQL("GRANT pg_read_all_data TO {}").format(backup),
    ):
        connection.execute(statement)
    _let_read_behind_policies(connection, backup)


def _create(connection: psycopg.Connection, name: str, how: str) -> None:
    known = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    if known is None:
        connection.execute(sql.SQL("CREATE ROLE {} " + how).format(sql.Identifier(name)))


def _let_read_behind_policies(connection: psycopg.Connection, backup: sql.Identifier) -> None:
    """What only a superuser can give. Without it a backup must be made by the owner."""
    row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if not (row.fetchone() or (False,))[0]:
        return
    connection.execute(sql.SQL("ALTER ROLE {} BYPASSRLS").format(backup))
    for function in _LEAKPROOF:
        connection.execute(
            sql.SQL("ALTER FUNCTION pg_catalog.{}(numeric, numeric) LEAKPROOF").format(
                sql.Identifier(function)
            )
        )
