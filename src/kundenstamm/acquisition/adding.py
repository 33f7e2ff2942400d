"""Arrivals added up by channel: stored for everybody, or of some customers when asked for.

One statement for each of the two tables; who is added up is a condition on the customer's column.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

Row = tuple[Any, ...]
SUMS = ("number", "weight", "weight_squared", "amount", "squared")
MONTHS = ("customers", "won", "regulars", "took", *SUMS)
AGES = ("brought", *SUMS)


def months(who: str, told: Sequence[Any], way: str | None = None) -> Iterator[Row]:
    """Way, channel, month and `MONTHS`; ``who``: a condition that our own code has written."""
    return _rows(_MONTHS, who, told, way, times=2)


def ages(who: str, told: Sequence[Any], way: str | None = None) -> Iterator[Row]:
    """Way, channel, year, month and `AGES`."""
    return _rows(_AGES, who, told, way, times=1)


def store(who: str, told: Sequence[Any], sign: int) -> None:
    """Add what some customers brought to the stored sums, or take it off (``sign`` below 0)."""
    for select, table, key, columns, times in (
        (_MONTHS, "acquisition_channelmonth", "way, channel, month", MONTHS, 2),
        (_AGES, "acquisition_channelage", "way, channel, year, month", AGES, 1),
    ):
        names, values = ", ".join(columns), ", ".join(f"{sign:d} * {name}" for name in columns)
        added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in columns)
        statement = (
            f"INSERT INTO {table} ({key}, {names}) SELECT {key}, {values} "  # noqa: S608
            f"FROM ({_asked(select, who, None)}) AS made "
            f"ON CONFLICT ({key}) DO UPDATE SET {added}"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, list(told) * times)


def _rows(
    select: str, who: str, told: Sequence[Any], way: str | None, *, times: int
) -> Iterator[Row]:
    one = [*told, *([way] if way else [])]
    with connection.cursor() as cursor:
        cursor.execute(_asked(select, who, way), one * times)
        yield from cursor.fetchall()


def _asked(select: str, who: str, way: str | None) -> str:
    """With the condition in its places: a column's name and our own words, no value."""
    return select.format(who=f"({who})" + (" AND credit.way = %s" if way else ""))


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
