"""Customers from a file: new ones made, known ones completed. An empty cell erases nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Q

from kundenstamm.customers.models import Customer
from kundenstamm.customers.timeline import local_day
from kundenstamm.importers.masters import contacts
from kundenstamm.importers.masters.staging import stage

if TYPE_CHECKING:
    import polars as pl

COLUMNS = dict.fromkeys(
    (
        "customer", "customer_name", "kind", "link", "trade", "country", "region", "postcode",
        "city", "street", "channel", "vat_id", "contact", "representative", "supplied_by",
        *contacts.PLAIN,
    ),
    "text",
) | {"since": "date"} | contacts.COLUMNS  # fmt: skip


@dataclass(frozen=True)
class Merged:
    """Rows of the file that made something, changed something, changed nothing."""

    new: int
    changed: int
    unchanged: int


def numbers() -> pl.Series:
    """Of the customers that files of other kinds may speak of."""
    import polars as pl

    # An import is about the whole base; on the site the second wall narrows it.
    standing = Q(withdrawn=False) | Q(merged_into__isnull=False)
    known = Customer.objects.filter(standing).values_list("number", flat=True)
    return pl.Series(list(known), dtype=pl.String)


def merge(rows: pl.DataFrame, batch: int, at: datetime) -> Merged:
    """Make and complete customers, contacts, assignments and links of the chain."""
    stage(contacts.sealed(_not_merged(rows)), "staged_customer", COLUMNS)
    values = {"batch": batch, "at": at, "today": local_day(at)}
    with connection.cursor() as cursor:
        made = _run(cursor, _MAKE, values)
        changed = _run(cursor, _COMPLETE, values)
        changed |= _run(cursor, contacts.CHANGED, values) | _run(cursor, contacts.MADE, values)
        cursor.execute(_REPRESENTATIVES)
        changed |= _run(cursor, _ASSIGNMENTS_ENDED, values)
        changed |= _run(cursor, _ASSIGNMENTS_MADE, values)
        changed |= _run(cursor, _CHAIN, values)
        cursor.execute("DROP TABLE staged_customer")
    touched = len(changed - made)
    return Merged(len(made), touched, rows.height - len(made) - touched)


def _not_merged(rows: pl.DataFrame) -> pl.DataFrame:
    """What a file says of a merged customer is old: it would spoil what the kept one has."""
    import polars as pl

    merged = Customer.objects.filter(merged_into__isnull=False).values_list("number", flat=True)
    return rows.filter(~pl.col("customer").is_in(list(merged)))


def _run(cursor: CursorWrapper, statement: str, values: dict[str, Any]) -> set[int]:
    cursor.execute(statement, values)
    return {row[0] for row in cursor.fetchall()}


# What the file says where it says something, else what is there.
_FIELDS = {
    "name": "customer_name", "kind": "kind", "link": "link", "trade": "trade",
    "country": "country", "region": "region", "postcode": "postcode", "city": "city",
    "street": "street", "channel": "channel", "vat_id": "vat_id", "since": "since",
}  # fmt: skip
_SET = ", ".join(f"{name} = coalesce(staged.{said}, old.{name})" for name, said in _FIELDS.items())
_DIFFERS = " OR ".join(
    f"staged.{said} IS DISTINCT FROM old.{name} AND staged.{said} IS NOT NULL"
    for name, said in _FIELDS.items()
)
_BEFORE = ", ".join(f"'{name}', old.{name}" for name in (*_FIELDS, "withdrawn"))

_MAKE = """
WITH made AS (
    INSERT INTO customers_customer
        (key, number, name, kind, link, trade, region, country, postcode, city, street, channel,
         vat_id, confidential, since, created_at, withdrawn)
    SELECT gen_random_uuid(), customer, coalesce(customer_name, customer),
           coalesce(kind, 'company'), coalesce(link, ''), coalesce(trade, ''),
           coalesce(region, ''), coalesce(country, ''), coalesce(postcode, ''),
           coalesce(city, ''), coalesce(street, ''), coalesce(channel, ''),
           coalesce(vat_id, ''), false, since, %(at)s,
           false
    FROM staged_customer
    ON CONFLICT (number) DO NOTHING
    RETURNING id
), noted AS (
    INSERT INTO importers_rowchange (batch_id, "table", row, before)
    SELECT %(batch)s, 'customers_customer', id, NULL FROM made
)
SELECT id FROM made
"""

# The names are our own literals above: there is nothing to inject.
_COMPLETE = f"""
WITH noted AS (
    INSERT INTO importers_rowchange (batch_id, "table", row, before)
    SELECT %(batch)s, 'customers_customer', old.id, jsonb_build_object({_BEFORE})
    FROM customers_customer AS old
    JOIN staged_customer AS staged ON staged.customer = old.number
    WHERE {_DIFFERS} OR old.withdrawn
    ON CONFLICT DO NOTHING
    RETURNING row
)
UPDATE customers_customer AS old SET {_SET}, withdrawn = false
FROM staged_customer AS staged, noted
WHERE staged.customer = old.number AND old.id = noted.row
RETURNING old.id
"""  # noqa: S608

_REPRESENTATIVES = """
INSERT INTO customers_representative (code, name)
SELECT DISTINCT left(representative, 60), left(representative, 120)
FROM staged_customer WHERE representative IS NOT NULL
ON CONFLICT (code) DO NOTHING
"""

_ASSIGNMENTS_ENDED = """
WITH over AS (
    SELECT assignment.id, assignment.customer_id
    FROM staged_customer AS staged
    JOIN customers_customer AS customer ON customer.number = staged.customer
    JOIN customers_assignment AS assignment ON assignment.customer_id = customer.id
    JOIN customers_representative AS served ON served.id = assignment.representative_id
    WHERE assignment.ends IS NULL AND served.code <> left(staged.representative, 60)
), noted AS (
    INSERT INTO importers_rowchange (batch_id, "table", row, before)
    SELECT %(batch)s, 'customers_assignment', id, jsonb_build_object('ends', NULL) FROM over
)
UPDATE customers_assignment AS assignment SET ends = greatest(assignment.starts, %(today)s::date)
FROM over WHERE assignment.id = over.id
RETURNING assignment.customer_id
"""

_ASSIGNMENTS_MADE = """
WITH made AS (
    INSERT INTO customers_assignment (customer_id, representative_id, starts)
    SELECT customer.id, serves.id, %(today)s::date
    FROM staged_customer AS staged
    JOIN customers_customer AS customer ON customer.number = staged.customer
    JOIN customers_representative AS serves ON serves.code = left(staged.representative, 60)
    WHERE NOT EXISTS (SELECT FROM customers_assignment
                      WHERE customer_id = customer.id AND ends IS NULL)
    ON CONFLICT DO NOTHING
    RETURNING id, customer_id
), noted AS (
    INSERT INTO importers_rowchange (batch_id, "table", row, before)
    SELECT %(batch)s, 'customers_assignment', id, NULL FROM made
)
SELECT customer_id FROM made
"""

_CHAIN = """
WITH made AS (
    INSERT INTO customers_chainlink (upstream_id, downstream_id)
    SELECT dealer.id, customer.id
    FROM staged_customer AS staged
    JOIN customers_customer AS customer ON customer.number = staged.customer
    JOIN customers_customer AS dealer ON dealer.number = staged.supplied_by
    -- One that somebody has ended stays so, however often the file is loaded.
    WHERE dealer.id <> customer.id AND NOT EXISTS (
        SELECT FROM customers_chainlink AS link
        WHERE link.upstream_id = dealer.id AND link.downstream_id = customer.id)
    ON CONFLICT DO NOTHING
    RETURNING id, downstream_id
), noted AS (
    INSERT INTO importers_rowchange (batch_id, "table", row, before)
    SELECT %(batch)s, 'customers_chainlink', id, NULL FROM made
)
SELECT downstream_id FROM made
"""
