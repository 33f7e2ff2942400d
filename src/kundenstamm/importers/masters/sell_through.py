"""Sell-through from a file: new reports noted, known ones corrected, and the chain linked by them.

Whom a dealer reports as an end customer is behind that dealer: where no link says so yet, one is
made from the first day reported on.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import connection

from kundenstamm.customers.models import ChainLink
from kundenstamm.importers.identity import identified
from kundenstamm.importers.masters.customers import Merged, numbers
from kundenstamm.importers.masters.staging import stage
from kundenstamm.importers.sell_through_rows import Known

if TYPE_CHECKING:
    import polars as pl

COLUMNS = {
    "dealer": "text", "end_customer": "text", "end_name": "text", "first_day": "date",
    "last_day": "date", "amount": "numeric(18,4)", "quantity": "numeric(15,3)",
    "document": "text", "line": "bigint",
}  # fmt: skip


def known(today: date) -> Known:
    """Customers and links that a file may speak of."""
    return Known(numbers(), lasting_links(today))


def lasting_links(today: date) -> frozenset[tuple[str, str]]:
    """Numbers of supplier and supplied of each link that is not over."""
    lasting = ChainLink.objects.exclude(valid_to__lt=today)
    return frozenset(lasting.values_list("upstream__number", "downstream__number"))


def merge(rows: pl.DataFrame, batch: int, source: int) -> Merged:
    """Note reports under their document and line; one that is there already is corrected."""
    stage(_identified(rows), "staged_sold_on", COLUMNS)
    values = {"batch": batch, "source": source}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE staged_sold_on")
        cursor.execute(_CHANGE, values)
        changed = cursor.rowcount
        cursor.execute(_MAKE, values)
        [made] = cursor.fetchone()
        cursor.execute(_LINK, values)
        cursor.execute("DROP TABLE staged_sold_on")
    return Merged(made, changed, rows.height - made - changed)


def _identified(rows: pl.DataFrame) -> pl.DataFrame:
    """Without a number a report is known by dealer, end customer and days, not by its amount: what
    is reported once more with another amount is a correction."""
    import polars as pl

    content = rows.select(
        "document", "line", "end_customer", date="first_day", customer="dealer",
        product="end_customer", product_name="end_name", quantity="last_day", amount=pl.lit(None),
    )  # fmt: skip
    return rows.with_columns(identified(content).select("document", "line"))


_STAGED = """
staged_sold_on AS staged
JOIN customers_customer AS dealer ON dealer.number = staged.dealer
LEFT JOIN customers_customer AS buyer ON buyer.number = staged.end_customer
"""
# Our own literal: there is nothing to inject.
_CHANGE = f"""
WITH differing AS (
    SELECT old.*, dealer.id AS new_dealer, buyer.id AS new_end,
           coalesce(staged.end_name, '') AS new_name, staged.first_day AS new_first,
           staged.last_day AS new_last, staged.amount AS new_amount,
           staged.quantity AS new_quantity
    FROM {_STAGED}
    JOIN chain_sellthrough AS old ON old.source_id = %(source)s
     AND old.document = staged.document AND old.line = staged.line
    WHERE (old.dealer_id, old.end_customer_id, old.end_name, old.first_day, old.last_day,
           old.amount, old.quantity)
          IS DISTINCT FROM (dealer.id, buyer.id, coalesce(staged.end_name, ''), staged.first_day,
           staged.last_day, staged.amount, staged.quantity)
), noted AS (
    INSERT INTO importers_rowchange (batch_id, "table", row, before)
    SELECT %(batch)s, 'chain_sellthrough', id,
           jsonb_build_object('dealer_id', dealer_id, 'end_customer_id', end_customer_id,
                              'end_name', end_name, 'first_day', first_day,
                              'last_day', last_day, 'amount', amount, 'quantity', quantity)
    FROM differing
)
UPDATE chain_sellthrough AS report
SET dealer_id = new_dealer, end_customer_id = new_end, end_name = new_name,
    first_day = new_first, last_day = new_last, amount = new_amount, quantity = new_quantity
FROM differing WHERE report.id = differing.id
"""  # noqa: S608

_MAKE = f"""
WITH made AS (
    INSERT INTO chain_sellthrough
        (dealer_id, end_customer_id, end_name, first_day, last_day, amount, quantity, source_id,
         document, line)
    SELECT dealer.id, buyer.id, coalesce(staged.end_name, ''), staged.first_day, staged.last_day,
           staged.amount, staged.quantity, %(source)s, staged.document, staged.line
    FROM {_STAGED}
    ORDER BY staged.first_day, staged.document, staged.line
    ON CONFLICT (source_id, document, line) DO NOTHING
    RETURNING id
), noted AS (
    INSERT INTO importers_rowchange (batch_id, "table", row, before)
    SELECT %(batch)s, 'chain_sellthrough', id, NULL FROM made
)
SELECT count(*) FROM made
"""  # noqa: S608

_LINK = f"""
WITH made AS (
    INSERT INTO customers_chainlink (upstream_id, downstream_id, valid_from)
    SELECT dealer.id, buyer.id, min(staged.first_day) FROM {_STAGED}
    WHERE buyer.id IS NOT NULL AND NOT EXISTS (
        SELECT FROM customers_chainlink AS link
        WHERE link.upstream_id = dealer.id AND link.downstream_id = buyer.id)
    GROUP BY dealer.id, buyer.id
    ON CONFLICT DO NOTHING
    RETURNING id
)
INSERT INTO importers_rowchange (batch_id, "table", row, before)
SELECT %(batch)s, 'customers_chainlink', id, NULL FROM made
"""  # noqa: S608
