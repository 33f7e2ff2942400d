"""Activities from a file: new ones noted, known ones corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from kundenstamm.importers.activity_rows import Known
from kundenstamm.importers.identity import identified_work
from kundenstamm.importers.masters.customers import Merged, numbers
from kundenstamm.importers.masters.staging import stage
from kundenstamm.serving.models import ActivityType

if TYPE_CHECKING:
    import polars as pl

COLUMNS = {
    "customer": "text",
    "activity": "text",
    "date": "date",
    "minutes": "numeric(12,3)",
    "drivers": "jsonb",
    "document": "text",
    "line": "bigint",
}


def known() -> Known:
    """Customers and activity types that a file may speak of."""
    types = list(ActivityType.objects.prefetch_related("equations__drivers"))
    equations = {
        each.code: {of.valid_from: of.rule for of in each.equations.all()} for each in types
    }
    derived = frozenset(each.code for each in types if each.derived_from)
    return Known(numbers(), equations, derived)


def merge(rows: pl.DataFrame, batch: int, source: int) -> Merged:
    """Note activities under their document and line; one that is there already is corrected."""
    stage(identified_work(rows, "activity", "drivers"), "staged_activity", COLUMNS)
    values = {"batch": batch, "source": source}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE staged_activity")
        cursor.execute(_CHANGE, values)
        changed = cursor.rowcount
        cursor.execute(_MAKE, values)
        [made] = cursor.fetchone()
        cursor.execute("DROP TABLE staged_activity")
    return Merged(made, changed, rows.height - made - changed)


_CHANGE = """
WITH differing AS (
    SELECT old.id, old.customer_id, old.type_id, old.date, old.minutes, old.drivers,
           served.id AS new_customer, type.id AS new_type, staged.date AS new_date,
           staged.minutes AS new_minutes, staged.drivers AS new_drivers
    FROM staged_activity AS staged
    JOIN customers_customer AS served ON served.number = staged.customer
    JOIN serving_activitytype AS type ON type.code = staged.activity
    JOIN serving_activity AS old ON old.source_id = %(source)s
     AND old.document = staged.document AND old.line = staged.line AND NOT old.derived
    WHERE (old.customer_id, old.type_id, old.date, old.minutes, old.drivers)
          IS DISTINCT FROM (served.id, type.id, staged.date, staged.minutes, staged.drivers)
), noted AS (
    INSERT INTO importers_rowchange (batch_id, "table", row, before)
    SELECT %(batch)s, 'serving_activity', id,
           jsonb_build_object('customer_id', customer_id, 'type_id', type_id, 'date', date,
                              'minutes', minutes, 'drivers', drivers)
    FROM differing
)
UPDATE serving_activity AS activity
SET customer_id = new_customer, type_id = new_type, date = new_date, minutes = new_minutes,
    drivers = new_drivers
FROM differing WHERE activity.id = differing.id
"""

_MAKE = """
WITH made AS (
    INSERT INTO serving_activity
        (customer_id, type_id, date, minutes, drivers, source_id, document, line)
    SELECT served.id, type.id, staged.date, staged.minutes, staged.drivers, %(source)s,
           staged.document, staged.line
    FROM staged_activity AS staged
    JOIN customers_customer AS served ON served.number = staged.customer
    JOIN serving_activitytype AS type ON type.code = staged.activity
    ORDER BY staged.date, staged.document, staged.line
    ON CONFLICT (source_id, document, line) WHERE NOT derived DO NOTHING
    RETURNING id
), noted AS (
    INSERT INTO importers_rowchange (batch_id, "table", row, before)
    SELECT %(batch)s, 'serving_activity', id, NULL FROM made
)
SELECT count(*) FROM made
"""
