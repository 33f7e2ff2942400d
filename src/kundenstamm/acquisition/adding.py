"""Arrivals added up by channel, and stored: of everybody but a few, or of some customers.

One statement for each of the two tables; who is added up is a condition on the customer's column.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

SUMS = ("number", "weight", "weight_squared", "amount", "squared")
MONTHS = ("customers", "won", "regulars", "took", *SUMS)
AGES = ("brought", *SUMS)


def store(circle: int, who: str, told: Sequence[Any], sign: int) -> None:
    """Add what some customers brought to a circle's sums, or take it off (``sign`` below 0).

    ``who``: a condition that our own code has written.
    """
    for select, table, key, columns, times in (
        (months_of(who), "acquisition_channelmonth", "way, channel, month", MONTHS, 2),
        (ages_of(who), "acquisition_channelage", "way, channel, year, month", AGES, 1),
    ):
        names, values = ", ".join(columns), ", ".join(f"{sign:d} * {name}" for name in columns)
        added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in columns)
        statement = (
            f"INSERT INTO {table} (circle_id, {key}, {names}) "  # noqa: S608
            f"SELECT {circle:d}, {key}, {values} FROM ({select}) AS made "
            f"ON CONFLICT (circle_id, {key}) DO UPDATE SET {added}"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, list(told) * times)


def months_of(who: str) -> str:
    """Way, channel, month and `MONTHS`; the condition stands there twice."""
    return _MONTHS.format(who=f"({who})")


def ages_of(who: str) -> str:
    """Way, channel, year, month and `AGES`; the condition stands there once."""
    return _AGES.format(who=f"({who})")


# What winning took stands in the month of the ledger, customers in that of their first purchase.
_MONTHS = """
SELECT way, channel, month, sum(customers)::int AS customers, sum(won) AS won,
       sum(regulars) AS regulars, sum(took) AS took, sum(number)::int AS number,
       sum(weight) AS weight, sum(weight_squared) AS weight_squared, sum(amount) AS amount,
       sum(squared) AS squared
FROM (
    SELECT credit.way, credit.channel, date_trunc('month', arrival.day)::date AS month,
           1 AS customers, part AS won, CASE WHEN regular THEN part ELSE 0 END AS regulars,
           0 AS took, (lifetime IS NOT NULL)::int AS number,
           CASE WHEN lifetime IS NULL THEN 0 ELSE part END AS weight,
           CASE WHEN lifetime IS NULL THEN 0 ELSE part * part END AS weight_squared,
           coalesce(part * lifetime::float8, 0) AS amount,
           coalesce(part * lifetime::float8 * lifetime::float8, 0) AS squared
    FROM acquisition_arrival AS arrival
    JOIN acquisition_credit AS credit ON credit.path_id = arrival.path_id
    WHERE arrival.day IS NOT NULL AND {who}
    UNION ALL
    SELECT credit.way, credit.channel, cost.month, 0, 0, 0, part * cost.amount::float8,
           0, 0, 0, 0, 0
    FROM acquisition_arrivalcost AS cost
    JOIN acquisition_arrival AS arrival ON arrival.customer_id = cost.customer_id
    JOIN acquisition_credit AS credit ON credit.path_id = arrival.path_id
    WHERE {who}
) AS told
GROUP BY way, channel, month
"""
_AGES = """
SELECT credit.way, credit.channel, extract(year FROM arrival.day)::int AS year, of.month::int,
       sum(part * of.brought::float8) AS brought, count(*)::int AS number, sum(part) AS weight,
       sum(part * part) AS weight_squared, sum(part * of.so_far::float8) AS amount,
       sum(part * of.so_far::float8 * of.so_far::float8) AS squared
FROM acquisition_arrival AS arrival
JOIN acquisition_credit AS credit ON credit.path_id = arrival.path_id
CROSS JOIN LATERAL unnest(arrival.months, arrival.so_far) WITH ORDINALITY
    AS of (brought, so_far, month)
WHERE arrival.day IS NOT NULL AND {who}
GROUP BY 1, 2, 3, 4
"""
