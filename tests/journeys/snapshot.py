"""A database as it was, beside itself: putting it back takes a moment, filling it anew takes long.

Copies of all tables stand in a schema of their own, where no test and no flush looks.
"""

from __future__ import annotations

from django.db import connection
from psycopg import sql

SCHEMA = "as_it_was"

_TABLES = """
SELECT t.relname,
       array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '')
  FROM pg_class t
  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE t.relnamespace = 'public'::regnamespace AND t.relkind IN ('r', 'p') AND NOT t.relispartition
 GROUP BY t.relname
"""


def can_be_put_back() -> bool:
    """Whether this database lets us: neither the walls of the ledger nor the order of foreign keys
    may stand in the way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        return bool(cursor.fetchone()[0])


def keep() -> None:
    """Copy every table; what was kept before is forgotten."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {0} CASCADE; CREATE SCHEMA {0}").format(
            sql.Identifier(SCHEMA)
        ))  # fmt: skip
        for name, _ in _tables(cursor):
            cursor.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(_kept(name), _own(name)))


def put_back() -> None:
    """Make every table what it was; numbers go on, as they would have."""
    with connection.cursor() as cursor:
        tables = _tables(cursor)
        cursor.execute("SET session_replication_role = replica")
        try:
            names = sql.SQL(", ").join(_own(name) for name, _ in tables)
            cursor.execute(sql.SQL("TRUNCATE {}").format(names))
            for name, columns in tables:
                listed = sql.SQL(", ").join(map(sql.Identifier, columns))
                cursor.execute(
                    sql.SQL("INSERT INTO {own} ({columns}) OVERRIDING SYSTEM VALUE "
                            "SELECT {columns} FROM {kept}").format(
                        own=_own(name), columns=listed, kept=_kept(name)
                    )
                )  # fmt: skip
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def _tables(cursor):
    cursor.execute(_TABLES)
    return cursor.fetchall()


def _own(name):
    return sql.Identifier("public", name)


def _kept(name):
    return sql.Identifier(SCHEMA, name)
