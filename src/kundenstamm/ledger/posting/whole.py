"""A document that is posted as a whole: what it does not hold any more is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from kundenstamm.ledger import copying

if TYPE_CHECKING:
    import polars as pl

COLUMNS = ("source_id", "document", "part", "line", "customer_id", "date", "kind", "amount")


def stage(source: int, document: str, entries: pl.DataFrame) -> None:
    """Stage ``entries`` as all that stands in the document, for `settling.settle`."""
    import polars as pl

    named = entries.with_columns(
        source_id=pl.lit(source), document=pl.lit(document), part=pl.lit(0)
    )
    copying.write(named, "staged_entry", COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE staged_entry (line)")
        cursor.execute(
            """
            INSERT INTO staged_entry (source_id, document, part, line)
            SELECT DISTINCT posted.source_id, posted.document, posted.part, posted.line
            FROM ledger_entry AS posted
            WHERE posted.source_id = %(source)s AND posted.document = %(document)s
              AND NOT EXISTS (
                  SELECT FROM staged_entry AS staged WHERE staged.line = posted.line)
            """,
            {"source": source, "document": document},
        )
