"""Sales lines on their way in: copied to a temporary table, their names resolved to rows.

Temporary tables live in the transaction that loads them and vanish with it, whatever happens.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection

from kundenstamm.customers.following import follow_numbers
from kundenstamm.ledger.posting.settling import Settled

if TYPE_CHECKING:
    import polars as pl
    from django.db.backends.utils import CursorWrapper

# Column of the staged table → type. The order is that of the COPY. Beside them stands ``id``, from
# the ledger's own sequence, so that causes can point to lines posted by the same statement.
COLUMNS = {
    "row": "integer",
    "customer": "text",
    "customer_name": "text",
    "date": "date",
    "kind": "smallint",
    "amount": "numeric(18,4)",
    "discount": "numeric(18,4)",
    "cost": "numeric(18,4)",
    "quantity": "numeric(18,4)",
    "product": "text",
    "product_name": "text",
    "category": "text",
    "document": "text",
    "line": "bigint",
    "currency": "text",
    "original_amount": "numeric(18,4)",
    "country": "text",
    "region": "text",
    "postcode": "text",
    "city": "text",
    "channel": "text",
    "representative": "text",
}
_NEXT = "nextval('ledger_entry_id_seq')"
PIECE = 1 << 20


def copy_lines(lines: pl.DataFrame) -> None:
    """Stage a frame with the columns `COLUMNS`; what it lacks stays null."""
    import polars as pl

    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    present = [name for name in COLUMNS if name in lines.columns]
    # Without a product number the product is known by its name.
    product = pl.coalesce("product", pl.col("product_name").str.slice(0, 200))
    raw = io.BytesIO()
    lines.with_columns(product=product).select(present).write_csv(raw, include_header=False)
    raw.seek(0)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE staged_line (id bigint DEFAULT {_NEXT}, {columns}) ON COMMIT DROP"
        )
        with cursor.copy(f"COPY staged_line ({', '.join(present)}) FROM STDIN (FORMAT csv)") as to:
            while piece := raw.read(PIECE):
                to.write(piece)
        follow_numbers(cursor, "staged_line", "customer")
        cursor.execute("ANALYZE staged_line (customer, product, category)")


def make_customers(at: datetime) -> list[int]:
    """Customers whose number is new; return their ids. Withdrawn ones come back."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH spelling AS (
                SELECT customer, customer_name, country, region, postcode, city, channel,
                       min(date) AS first, max(date) AS last
                FROM staged_line GROUP BY 1, 2, 3, 4, 5, 6, 7
            ), named AS (
                SELECT DISTINCT ON (customer) *, min(first) OVER (PARTITION BY customer) AS since
                FROM spelling ORDER BY customer, last DESC, customer_name
            ), back AS (
                UPDATE customers_customer SET withdrawn = false
                FROM named WHERE number = named.customer AND withdrawn RETURNING id
            ), made AS (
                INSERT INTO customers_customer
                    (key, number, name, kind, link, trade, region, country, postcode, city, street,
                     channel, confidential, since, created_at, withdrawn)
                SELECT gen_random_uuid(), customer, left(coalesce(customer_name, customer), 200),
                       'company', '', '', left(coalesce(region, ''), 100),
                       left(coalesce(country, ''), 100), left(coalesce(postcode, ''), 20),
                       left(coalesce(city, ''), 100), '', left(coalesce(channel, ''), 60), false,
                       since, %(at)s, false
                FROM named
                WHERE NOT EXISTS (SELECT FROM customers_customer WHERE number = named.customer)
                ON CONFLICT (number) DO NOTHING
                RETURNING id
            )
            SELECT id FROM made UNION ALL SELECT id FROM back
            """,
            {"at": at},
        )
        return [row[0] for row in cursor.fetchall()]


def make_products() -> None:
    """Products and categories whose names are new; a product without category gets one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO ledger_productcategory (name)
            SELECT DISTINCT left(category, 120) FROM staged_line WHERE category IS NOT NULL
            ON CONFLICT (name) DO NOTHING
            """
        )
        cursor.execute(
            """
            INSERT INTO ledger_product (number, name, category_id)
            SELECT DISTINCT ON (staged.product) staged.product,
                   left(coalesce(staged.product_name, ''), 300), category.id
            FROM (
                SELECT product, product_name, category, max(date) AS last
                FROM staged_line WHERE product IS NOT NULL GROUP BY 1, 2, 3
            ) AS staged
            LEFT JOIN ledger_productcategory AS category
                   ON category.name = left(staged.category, 120)
            ORDER BY staged.product, staged.product_name IS NULL, staged.last DESC, 2
            ON CONFLICT (number) DO UPDATE SET category_id = EXCLUDED.category_id
            WHERE ledger_product.category_id IS NULL AND EXCLUDED.category_id IS NOT NULL
            """
        )


def stage_entries(source: int) -> None:
    """Every line as the entries it gives rise to, for `settling.settle`."""
    with connection.cursor() as cursor:
        for part in _PARTS:
            cursor.execute(_STAGE.format(**part, entry=_ENTRY.format(**part)), [source])


def post_first(source: int, batch: int) -> Settled | None:
    """Post every line of a source that has no entry yet; `None` if it has some.

    There is nothing to compare with then, so lines go straight into the ledger.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM ledger_entry WHERE source_id = %s)", [source])
        if cursor.fetchone()[0]:
            return None
        new, *_effects = (_post_part(cursor, part, source, batch) for part in _PARTS)
    return Settled(new, 0, 0, 0)


def _post_part(cursor: CursorWrapper, part: dict[str, str], source: int, batch: int) -> int:
    cursor.execute(_POST_FIRST.format(**part, entry=_ENTRY.format(**part)), [batch, source])
    posted: int = cursor.rowcount
    return posted


# How an entry stands in the staged line. Effects are posted with their cause.
_PARTS = (
    {
        "part": "0", "kind": "staged.kind", "amount": "staged.amount",
        "quantity": "staged.quantity", "id": "staged.id", "cause": "NULL::bigint",
        "currency": "CASE WHEN staged.original_amount IS NULL THEN '' ELSE staged.currency END",
        "original_amount": "staged.original_amount",
    },
    {
        "part": "1", "kind": "30", "amount": "staged.discount", "quantity": "NULL",
        "id": _NEXT, "cause": "staged.id", "currency": "''", "original_amount": "NULL",
    },
    {
        "part": "2", "kind": "40", "amount": "staged.cost", "quantity": "staged.quantity",
        "id": _NEXT, "cause": "staged.id", "currency": "''", "original_amount": "NULL",
    },
)  # fmt: skip

_ENTRY = """
%s, staged.document, staged.line, {part}, buyer.id, staged.date, {kind}, {amount},
       {quantity}, product.id, {currency}, {original_amount}
FROM staged_line AS staged
JOIN customers_customer AS buyer ON buyer.number = staged.customer
LEFT JOIN ledger_product AS product ON product.number = staged.product
WHERE {amount} IS NOT NULL
"""

_STAGE = """
INSERT INTO staged_entry (source_id, document, line, part, customer_id, date, kind, amount,
                          quantity, product_id, currency, original_amount)
SELECT {entry}
"""

_POST_FIRST = """
INSERT INTO ledger_entry (id, caused_by_id, revision, batch_id, source_id, document, line, part,
                          customer_id, date, kind, amount, quantity, product_id, currency,
                          original_amount)
SELECT {id}, {cause}, 0, %s, {entry}
"""
