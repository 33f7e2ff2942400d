"""Tables of the sample company on their way into the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from kundenstamm.ledger import copying

if TYPE_CHECKING:
    import polars as pl


def stage(table: str, frame: pl.DataFrame, columns: str) -> None:
    """A temporary table with the frame's rows; it vanishes with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {table} ({columns}) ON COMMIT DROP")
    copying.write(frame, table, [column.split()[0] for column in columns.split(", ")])
