"""Products from a file: names, categories with their margins, unit costs from a day on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from kundenstamm.importers.masters.customers import Merged
from kundenstamm.importers.masters.staging import stage

if TYPE_CHECKING:
    import polars as pl

COLUMNS = {
    "product": "text",
    "product_name": "text",
    "category": "text",
    "unit_cost": "numeric(18,4)",
    "valid_from": "date",
    "category_margin": "numeric(5,4)",
}


def merge(rows: pl.DataFrame, batch: int) -> tuple[Merged, list[int]]:
    """Make and complete products; also return the products whose costs have changed."""
    stage(rows, "staged_product", COLUMNS)
    values = {"batch": batch}
    with connection.cursor() as cursor:
        found = {}
        for name, statement in _STATEMENTS.items():
            cursor.execute(statement, values)
            found[name] = {row[0] for row in cursor.fetchall()}
        cursor.execute("DROP TABLE staged_product")
    costs = found["costs_changed"] | found["costs_made"]
    made = found["made"]
    touched = len((found["completed"] | costs) - made)
    products = rows["product"].n_unique()
    return Merged(len(made), touched, products - len(made) - touched), sorted(costs)


_STATEMENTS = {
    "categories_made": """
        WITH made AS (
            INSERT INTO ledger_productcategory (name)
            SELECT DISTINCT category FROM staged_product WHERE category IS NOT NULL
            ON CONFLICT (name) DO NOTHING RETURNING id
        ), noted AS (
            INSERT INTO importers_rowchange (batch_id, "table", row, before)
            SELECT %(batch)s, 'ledger_productcategory', id, NULL FROM made
        )
        SELECT id FROM made
    """,
    "margins": """
        WITH said AS (
            SELECT category.id, category.margin, max(staged.category_margin) AS new
            FROM staged_product AS staged
            JOIN ledger_productcategory AS category ON category.name = staged.category
            WHERE staged.category_margin IS NOT NULL
            GROUP BY category.id, category.margin
            HAVING category.margin IS DISTINCT FROM max(staged.category_margin)
        ), noted AS (
            INSERT INTO importers_rowchange (batch_id, "table", row, before)
            SELECT %(batch)s, 'ledger_productcategory', id, jsonb_build_object('margin', margin)
            FROM said ON CONFLICT DO NOTHING
        )
        UPDATE ledger_productcategory AS category SET margin = said.new
        FROM said WHERE category.id = said.id RETURNING category.id
    """,
    "made": """
        WITH made AS (
            INSERT INTO ledger_product (number, name, category_id)
            SELECT DISTINCT ON (staged.product) staged.product,
                   coalesce(staged.product_name, ''), category.id
            FROM staged_product AS staged
            LEFT JOIN ledger_productcategory AS category ON category.name = staged.category
            ORDER BY staged.product, staged.valid_from DESC NULLS LAST
            ON CONFLICT (number) DO NOTHING RETURNING id
        ), noted AS (
            INSERT INTO importers_rowchange (batch_id, "table", row, before)
            SELECT %(batch)s, 'ledger_product', id, NULL FROM made
        )
        SELECT id FROM made
    """,
    "completed": """
        WITH said AS (
            SELECT DISTINCT ON (product.id) product.id, product.name, product.category_id,
                   coalesce(staged.product_name, product.name) AS new_name,
                   coalesce(category.id, product.category_id) AS new_category
            FROM staged_product AS staged
            JOIN ledger_product AS product ON product.number = staged.product
            LEFT JOIN ledger_productcategory AS category ON category.name = staged.category
            ORDER BY product.id, staged.valid_from DESC NULLS LAST
        ), differing AS (
            SELECT * FROM said
            WHERE (name, category_id) IS DISTINCT FROM (new_name, new_category)
        ), noted AS (
            INSERT INTO importers_rowchange (batch_id, "table", row, before)
            SELECT %(batch)s, 'ledger_product', id,
                   jsonb_build_object('name', name, 'category_id', category_id)
            FROM differing ON CONFLICT DO NOTHING
        )
        UPDATE ledger_product AS product SET name = new_name, category_id = new_category
        FROM differing WHERE product.id = differing.id RETURNING product.id
    """,
    "costs_changed": """
        WITH differing AS (
            SELECT cost.id, cost.product_id, cost.unit_cost, staged.unit_cost AS new
            FROM staged_product AS staged
            JOIN ledger_product AS product ON product.number = staged.product
            JOIN ledger_productcost AS cost ON cost.product_id = product.id
             AND cost.valid_from = coalesce(staged.valid_from, '1970-01-01')
            WHERE staged.unit_cost IS NOT NULL AND staged.unit_cost <> cost.unit_cost
        ), noted AS (
            INSERT INTO importers_rowchange (batch_id, "table", row, before)
            SELECT %(batch)s, 'ledger_productcost', id, jsonb_build_object('unit_cost', unit_cost)
            FROM differing
        )
        UPDATE ledger_productcost AS cost SET unit_cost = differing.new
        FROM differing WHERE cost.id = differing.id RETURNING cost.product_id
    """,
    "costs_made": """
        WITH made AS (
            INSERT INTO ledger_productcost (product_id, unit_cost, valid_from)
            SELECT product.id, staged.unit_cost, coalesce(staged.valid_from, '1970-01-01')
            FROM staged_product AS staged
            JOIN ledger_product AS product ON product.number = staged.product
            WHERE staged.unit_cost IS NOT NULL
            ON CONFLICT (product_id, valid_from) DO NOTHING RETURNING id, product_id
        ), noted AS (
            INSERT INTO importers_rowchange (batch_id, "table", row, before)
            SELECT %(batch)s, 'ledger_productcost', id, NULL FROM made
        )
        SELECT product_id FROM made
    """,
}
