"""Numbers and addresses of merged customers lead to the one that was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from kundenstamm.customers.queries import known_customer

if TYPE_CHECKING:
    from kundenstamm.customers.models import Customer
    from kundenstamm.guard.models import User

# The wall hides a merged customer from all who do not know the whole base, and its old address is
# theirs all the same. A random key for a random key betrays nothing: whoever asks narrows it to
# what the actor may see.
CREATE = """
CREATE FUNCTION customers_kept_of(wanted uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT kept.key FROM customers_customer AS merged
    JOIN customers_customer AS kept ON kept.id = merged.merged_into_id WHERE merged.key = wanted
$$;
"""
DROP = "DROP FUNCTION customers_kept_of(uuid);"
_LOCK = "hashtext('kundenstamm merging')"


def kept_of(actor: User, key: UUID) -> Customer | None:
    """Whom a merged customer belongs to now; None if it was not, or for who may not know."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT customers_kept_of(%s)", [key])
        found = cursor.fetchone()[0]
    return known_customer(actor, found) if found else None


def merge_alone() -> None:
    """Until the transaction ends no file is loaded: one that is on its way is waited for."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")


def follow_numbers(cursor: CursorWrapper, table: str, column: str) -> None:
    """In a table of staged rows, numbers of merged customers become those of the kept ones.

    Until the caller's transaction ends nobody merges: what it writes would stay with the dropped
    one. Names of tables and columns are the code's own: they are not escaped.
    """
    cursor.execute(f"SELECT pg_advisory_xact_lock_shared({_LOCK})")
    cursor.execute(
        f"UPDATE {table} SET {column} = kept.number"  # noqa: S608
        f" FROM customers_customer AS merged"
        f" JOIN customers_customer AS kept ON kept.id = merged.merged_into_id"
        f" WHERE merged.number = {table}.{column}"
    )
