"""A frame as a temporary table of the same columns, all nullable."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import connection

from kundenstamm.customers.following import follow_numbers

if TYPE_CHECKING:
    import polars as pl

# Columns with numbers of customers.
NUMBERS = {"customer", "supplied_by"}


def stage(frame: pl.DataFrame, table: str, columns: Mapping[str, str]) -> None:
    """Copy ``frame`` to a temporary ``table``; ``columns`` gives names and types.

    Whoever was merged into another customer is that one.
    """
    described = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    raw = io.BytesIO()
    frame.select(list(columns)).write_csv(raw, include_header=False)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {table} ({described}) ON COMMIT DROP")
        with cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv)") as to:
            to.write(raw.getvalue())
        for column in NUMBERS & columns.keys():
            follow_numbers(cursor, table, column)
