"""Payments from a file: new ones noted, known ones brought up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from kundenstamm.importers.masters.customers import Merged
from kundenstamm.importers.masters.staging import stage

if TYPE_CHECKING:
    import polars as pl

COLUMNS = {
    "customer": "text",
    "document": "text",
    "line": "bigint",
    "due": "date",
    "paid": "date",
    "amount": "numeric(18,4)",
}


def merge(rows: pl.DataFrame, batch: int, source: int) -> Merged:
    """Note payments under their document and line; what is there already is brought up to date."""
    stage(rows, "staged_payment", COLUMNS)
    values = {"batch": batch, "source": source}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE staged_payment")
        cursor.execute(_CHANGE, values)
        changed = cursor.rowcount
        cursor.execute(_MAKE, values)
        [made] = cursor.fetchone()
        cursor.execute("DROP TABLE staged_payment")
    return Merged(made, changed, rows.height - made - changed)


_CHANGE = """
WITH differing AS (
    SELECT old.id, old.customer_id, old.due, old.paid, old.amount, owing.id AS new_customer,
           staged.due AS new_due, staged.paid AS new_paid, staged.amount AS new_amount
    FROM staged_payment AS staged
    JOIN customers_customer AS owing ON owing.number = staged.customer
    JOIN serving_payment AS old ON old.source_id = %(source)s
     AND old.document = staged.document AND old.line = staged.line
    WHERE (old.customer_id, old.due, old.paid, old.amount)
          IS DISTINCT FROM (owing.id, staged.due, staged.paid, staged.amount)
), noted AS (
    INSERT INTO importers_rowchange (batch_id, "table", row, before)
    SELECT %(batch)s, 'serving_payment', id,
           jsonb_build_object('customer_id', customer_id, 'due', due, 'paid', paid,
                              'amount', amount)
    FROM differing
)
UPDATE serving_payment AS payment
SET customer_id = new_customer, due = new_due, paid = new_paid, amount = new_amount
FROM differing WHERE payment.id = differing.id
"""

_MAKE = """
WITH made AS (
    INSERT INTO serving_payment (customer_id, due, paid, amount, source_id, document, line)
    SELECT owing.id, staged.due, staged.paid, staged.amount, %(source)s, staged.document,
           staged.line
    FROM staged_payment AS staged
    JOIN customers_customer AS owing ON owing.number = staged.customer
    ORDER BY staged.due, staged.document, staged.line
    ON CONFLICT (source_id, document, line) DO NOTHING
    RETURNING id
), noted AS (
    INSERT INTO importers_rowchange (batch_id, "table", row, before)
    SELECT %(batch)s, 'serving_payment', id, NULL FROM made
)
SELECT count(*) FROM made
"""
