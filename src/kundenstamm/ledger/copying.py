"""Tables in and out of PostgreSQL by ``COPY``, on Django's own connection.

The same connection, because a valuation belongs to one transaction with what was posted before
it, and another connection would not see that yet.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

PIECE = 1 << 20


def read(
    select: str, columns: Mapping[str, pa.DataType], params: Sequence[object] = ()
) -> pl.DataFrame:
    """The rows of a ``SELECT`` whose columns come in this order.

    Values stand in ``params``; without any, ``select`` goes to the server as it is, and the caller
    has written none but dates and numbers into it.
    """
    import polars as pl
    import pyarrow as pa
    from pyarrow import csv

    raw = io.BytesIO()
    with connection.cursor() as cursor:
        said = cursor.mogrify(select, params) if params else select
        with cursor.copy(f"COPY ({said}) TO STDOUT (FORMAT csv)") as out:
            for piece in out:
                raw.write(piece)
    if not raw.tell():
        return pl.DataFrame(pa.schema(list(columns.items())).empty_table())
    table = csv.read_csv(
        pa.BufferReader(raw.getbuffer()),
        read_options=csv.ReadOptions(column_names=list(columns)),
        convert_options=csv.ConvertOptions(
            column_types=columns, strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    )
    return pl.DataFrame(table)


def write(frame: pl.DataFrame, table: str, columns: Sequence[str]) -> None:
    """Append ``columns`` of ``frame`` to ``table``; a null stays one."""
    raw = io.BytesIO()
    frame.select(columns).write_csv(raw, include_header=False)
    raw.seek(0)
    names = ", ".join(columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as into,
    ):
        while piece := raw.read(PIECE):
            into.write(piece)


def append(frame: pl.DataFrame, table: str, columns: Sequence[str]) -> None:
    """The same for a table with row-level policies, into which PostgreSQL does not ``COPY``."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE appended (LIKE {table}) ON COMMIT DROP")
        cursor.execute("ALTER TABLE appended DROP COLUMN id")
        write(frame, "appended", columns)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM appended")  # noqa: S608
        cursor.execute("DROP TABLE appended")
