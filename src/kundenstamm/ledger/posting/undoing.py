"""Taking a batch back: what stood before it shall stand again."""

from __future__ import annotations

from django.db import connection


def later_batch(batch: int) -> int | None:
    """A batch that has changed the same lines since and still holds, or None."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT later.batch_id
            FROM ledger_entry AS mine
            JOIN ledger_entry AS later
              ON later.source_id = mine.source_id AND later.document = mine.document
             AND later.line = mine.line AND later.part = mine.part
             AND later.revision > mine.revision
            JOIN ledger_batch AS since ON since.id = later.batch_id AND since.undoes_id IS NULL
            WHERE mine.batch_id = %(batch)s AND later.batch_id <> %(batch)s AND mine.part = 0
              AND NOT EXISTS (SELECT FROM ledger_batch AS undo WHERE undo.undoes_id = since.id)
            LIMIT 1
            """,
            {"batch": batch},
        )
        found = cursor.fetchone()
    return int(found[0]) if found else None


def stage_before(batch: int) -> None:
    """Stage every key the batch touched as it was; and what its lines caused since, as nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO staged_entry (source_id, document, line, part, customer_id, date, kind,
                                      amount, quantity, product_id, currency, original_amount)
            SELECT mine.source_id, mine.document, mine.line, mine.part, old.customer_id, old.date,
                   old.kind, old.amount, old.quantity, old.product_id,
                   coalesce(old.currency, ''), old.original_amount
            FROM (
                SELECT source_id, document, line, part, min(revision) AS first
                FROM ledger_entry WHERE batch_id = %(batch)s
                GROUP BY source_id, document, line, part
            ) AS mine
            LEFT JOIN ledger_entry AS old
                   ON old.source_id = mine.source_id AND old.document = mine.document
                  AND old.line = mine.line AND old.part = mine.part
                  AND old.revision = mine.first - 1 AND old.reverses_id IS NULL
            UNION ALL
            -- Goods at costs that came later, whichever posting of the line they belong to.
            SELECT caused.source_id, caused.document, caused.line, caused.part,
                   NULL, NULL, NULL, NULL, NULL, NULL, '', NULL
            FROM (
                SELECT DISTINCT source_id, document, line
                FROM ledger_entry WHERE batch_id = %(batch)s AND part = 0
            ) AS touched
            JOIN ledger_entry AS caused
              ON caused.source_id = touched.source_id AND caused.document = touched.document
             AND caused.line = touched.line
            WHERE caused.part > 0 AND caused.reverses_id IS NULL
              AND NOT EXISTS (
                  SELECT FROM ledger_entry AS undone WHERE undone.reverses_id = caused.id)
              AND NOT EXISTS (
                  SELECT FROM ledger_entry AS own
                  WHERE own.batch_id = %(batch)s AND own.source_id = caused.source_id
                    AND own.document = caused.document AND own.line = caused.line
                    AND own.part = caused.part)
            """,
            {"batch": batch},
        )
