"""How likely a colleague leaves within a year, by the company's own record."""

from __future__ import annotations

from datetime import date

from django.db import connection

from kundenstamm.worth.relations.leaving import leaving_rate


def company_leaving_rate(day: date) -> float:
    """Of those who serve customers: departures per year of work, drawn towards one in ten."""
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, {"day": day})
        left, days = cursor.fetchone()
    return leaving_rate(left, days / 365)


# Who serves nobody any more has left, on the last day of serving.
_RECORD = """
SELECT count(*) FILTER (WHERE NOT lasts),
       coalesce(sum(CASE WHEN lasts THEN %(day)s ELSE ended END - began), 0)
FROM (
    SELECT min(starts) AS began, bool_or(ends IS NULL OR ends >= %(day)s) AS lasts,
           max(ends) AS ended
    FROM customers_assignment WHERE starts <= %(day)s GROUP BY representative_id
) AS served
"""
