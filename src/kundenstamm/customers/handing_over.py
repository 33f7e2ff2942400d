"""Customers go from one who serves them to another: each time one statement.

The actor may stop knowing a customer by handing it over. One statement sees everything as it was
before, so the wall lets all of its parts through or none. Two at the same customer take turns.
"""

from __future__ import annotations

from datetime import date

from django.db import connection


def give(customer: int, to: int, starts: date) -> int:
    """From a day on the customer is served by one representative only; the assignment's id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM customers_customer WHERE id = %s FOR UPDATE", [customer])
        cursor.execute(_GIVE, {"customer": customer, "to": to, "starts": starts})
        return int(cursor.fetchone()[0])


def pass_on(assignments: list[int], to: int, starts: date) -> None:
    """What is left of these assignments from a day on goes to another representative."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM customers_assignment WHERE id = ANY(%s::bigint[]) ORDER BY id FOR UPDATE",
            [assignments],
        )
        cursor.execute(_REST, {"assignments": assignments, "to": to, "starts": starts})


_GIVE = """
WITH planned AS (
    DELETE FROM customers_assignment
    WHERE customer_id = %(customer)s AND starts >= %(starts)s
      AND NOT (representative_id = %(to)s AND starts = %(starts)s)
), ended AS (
    UPDATE customers_assignment SET ends = %(starts)s::date - 1
    WHERE customer_id = %(customer)s AND starts < %(starts)s
      AND (ends IS NULL OR ends >= %(starts)s)
)
INSERT INTO customers_assignment (customer_id, representative_id, starts)
VALUES (%(customer)s, %(to)s, %(starts)s)
ON CONFLICT (customer_id, representative_id, starts) DO UPDATE SET ends = NULL
RETURNING id
"""

_REST = """
WITH passed AS (
    SELECT id, customer_id, starts, ends FROM customers_assignment
    WHERE id = ANY(%(assignments)s::bigint[]) AND (ends IS NULL OR ends >= %(starts)s)
), planned AS (
    DELETE FROM customers_assignment
    WHERE id IN (SELECT id FROM passed WHERE starts >= %(starts)s)
), ended AS (
    UPDATE customers_assignment SET ends = %(starts)s::date - 1
    WHERE id IN (SELECT id FROM passed WHERE starts < %(starts)s)
)
INSERT INTO customers_assignment (customer_id, representative_id, starts, ends)
SELECT customer_id, %(to)s, greatest(starts, %(starts)s::date) AS begins,
       nullif(max(coalesce(ends, 'infinity')), 'infinity')
FROM passed
WHERE NOT EXISTS (SELECT FROM customers_assignment AS serves
                  WHERE serves.customer_id = passed.customer_id
                    AND serves.representative_id = %(to)s
                    AND serves.starts <= greatest(passed.starts, %(starts)s::date)
                    AND serves.ends IS NULL)
GROUP BY customer_id, begins
ON CONFLICT (customer_id, representative_id, starts) DO UPDATE
SET ends = nullif(greatest(coalesce(customers_assignment.ends, 'infinity'),
                           coalesce(excluded.ends, 'infinity')), 'infinity')
"""
