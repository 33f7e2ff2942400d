"""Customers go from one who serves them to another: each time one statement.

The actor may stop knowing a customer by handing it over. One statement sees everything as it was
before, so the wall lets all of its parts through or none. Two at the same customer take turns.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import connection

# Who serves a customer: representative, first day, last day if there is one.
Held = tuple[int, date, date | None]


def give(customers: list[int], to: int, starts: date) -> list[int]:
    """From a day on the customers are served by one representative only; the assignments' ids."""
    take_turns(customers)
    with connection.cursor() as cursor:
        cursor.execute(_GIVE, {"customers": customers, "to": to, "starts": starts})
        return [row for (row,) in cursor.fetchall()]


def as_given(held: Iterable[Held], to: int, starts: date) -> list[Held]:
    """What `give` makes of a customer's assignments; as they are, if ``to`` alone serves it so."""
    held = sorted(held, key=_by_day)
    lasting = [each for each in held if each[2] is None or each[2] >= starts]
    if lasting and all(
        who == to and first <= starts and last is None for who, first, last in lasting
    ):
        return held
    eve = starts - timedelta(days=1)
    past = [
        (who, first, last if last is not None and last < starts else eve)
        for who, first, last in held
        if first < starts
    ]
    return sorted([*past, (to, starts, None)], key=_by_day)


def give_back(held: dict[int, list[Held]]) -> None:
    """Customers are served as they were: their assignments become these and no others."""
    rows = [(pk, *each) for pk, assignments in held.items() for each in assignments]
    columns = [[row[place] for row in rows] for place in range(4)]
    take_turns(list(held))
    with connection.cursor() as cursor:
        named = dict(zip(("of", "who", "starts", "ends"), columns, strict=True))
        cursor.execute(_GIVE_BACK, {"customers": list(held), **named})


def take_turns(customers: list[int]) -> None:
    """Whoever changes one of these customers meanwhile waits, or has been waited for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM customers_customer WHERE id = ANY(%s::bigint[]) ORDER BY id FOR UPDATE",
            [customers],
        )


def _by_day(held: Held) -> tuple[date, int]:
    return held[1], held[0]


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
    WHERE customer_id = ANY(%(customers)s::bigint[]) AND starts >= %(starts)s
      AND NOT (representative_id = %(to)s AND starts = %(starts)s)
), ended AS (
    UPDATE customers_assignment SET ends = %(starts)s::date - 1
    WHERE customer_id = ANY(%(customers)s::bigint[]) AND starts < %(starts)s
      AND (ends IS NULL OR ends >= %(starts)s)
)
INSERT INTO customers_assignment (customer_id, representative_id, starts)
SELECT customer, %(to)s, %(starts)s FROM unnest(%(customers)s::bigint[]) AS customer
ON CONFLICT (customer_id, representative_id, starts) DO UPDATE SET ends = NULL
RETURNING id
"""

_GIVE_BACK = """
WITH former AS (
    SELECT * FROM unnest(%(of)s::bigint[], %(who)s::bigint[], %(starts)s::date[], %(ends)s::date[])
        AS former (customer_id, representative_id, starts, ends)
), gone AS (
    DELETE FROM customers_assignment AS held
    WHERE customer_id = ANY(%(customers)s::bigint[])
      AND NOT EXISTS (SELECT FROM former
                      WHERE (former.customer_id, former.representative_id, former.starts)
                          = (held.customer_id, held.representative_id, held.starts))
)
INSERT INTO customers_assignment (customer_id, representative_id, starts, ends)
SELECT customer_id, representative_id, starts, ends FROM former
ON CONFLICT (customer_id, representative_id, starts) DO UPDATE SET ends = excluded.ends
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
