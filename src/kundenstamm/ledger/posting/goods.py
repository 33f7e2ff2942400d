"""Cost of goods from the products' costs, for lines whose file states none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.db import connection

from kundenstamm.ledger.posting import settling


def post_for_batch(batch: int) -> None:
    """Goods of the lines that this batch posted."""
    if not _any_costs():
        return
    _stage("line.batch_id = %(which)s", batch)
    settling.settle(batch)


def post_for_products(batch: int, products: Sequence[int]) -> None:
    """Goods of all lines of products whose costs have changed."""
    if not products:
        return
    _stage("line.product_id = ANY(%(which)s)", list(products))
    settling.settle(batch)


def _any_costs() -> bool:
    """Without any cost, stated ones apart, there is no need to look at every line."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM ledger_productcost)"
            " OR EXISTS (SELECT FROM ledger_batch WHERE kind IN ('products', 'costs'))"
        )
        return bool(cursor.fetchone()[0])


def _stage(scope: str, which: int | list[int]) -> None:
    """What the goods of each standing line should be; nothing, where a stated cost stands."""
    with connection.cursor() as cursor:
        cursor.execute(_EXPECTED.format(scope=scope), {"which": cast(Any, which)})


_EXPECTED = """
INSERT INTO staged_entry (source_id, document, line, part, customer_id, date, kind, amount,
                          quantity, product_id)
SELECT line.source_id, line.document, line.line, 3, line.customer_id, line.date, 40,
       CASE WHEN NOT EXISTS (
           SELECT FROM ledger_entry AS stated
           WHERE stated.caused_by_id = line.id AND stated.part = 2 AND stated.reverses_id IS NULL
             AND NOT EXISTS (
                 SELECT FROM ledger_entry AS undone WHERE undone.reverses_id = stated.id)
       ) THEN round(-line.quantity * cost.unit_cost, 4) END,
       line.quantity, line.product_id
FROM ledger_entry AS line
LEFT JOIN LATERAL (
    SELECT unit_cost FROM ledger_productcost AS cost
    WHERE cost.product_id = line.product_id AND cost.valid_from <= line.date
    ORDER BY valid_from DESC LIMIT 1
) AS cost ON true
WHERE line.part = 0 AND line.kind IN (10, 20, 21) AND line.reverses_id IS NULL
  AND line.quantity IS NOT NULL AND {scope}
  AND (cost.unit_cost IS NOT NULL OR EXISTS (
      SELECT FROM ledger_entry AS posted WHERE posted.caused_by_id = line.id AND posted.part = 3))
  AND NOT EXISTS (SELECT FROM ledger_entry AS undone WHERE undone.reverses_id = line.id)
"""
