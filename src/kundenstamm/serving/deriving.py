"""Work that follows from what is there already: as activities, month by month.

An order is one document's sales lines of a month, a delivery one document's of a day; each for
its customer. Their drivers are counted: ``lines``, ``pieces`` (the quantity), and ``first`` (1 for
the customer's first one). A visit, call, mail, support or complaint is one interaction that stands,
with its minutes where somebody stopped them; its only driver is ``first``. Each allocation brings
its month up to date first: what is gone vanishes, what is there stays under its id, so that the run
reverses and posts only what has changed.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection

from kundenstamm.kit.months import Month
from kundenstamm.ledger.models import Batch, EntryKind, Source
from kundenstamm.serving.changes import WAYS
from kundenstamm.serving.models import OF_INTERACTIONS, ActivityType, DerivedFrom

# Under this source an interaction's activity has the interaction's id as its line.
RECORDED = "Interactions, recorded"
OF_DOCUMENTS = (DerivedFrom.ORDERS, DerivedFrom.DELIVERIES)


def derive(month: Month) -> None:
    """Bring a month's derived activities to what stands in the ledger now."""
    used = _used()
    values: dict[str, date | int | str] = {
        "first": month.first, "last": month.last, "sale": EntryKind.SALE.value,
        "month": int(f"{month.first:%Y%m}"), "month_name": str(month),
        "recorded": recorded_source().pk if used & OF_INTERACTIONS.keys() else 0,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_STAGE if used else _STAGE_NOTHING, values)
        cursor.execute("ANALYZE derived_activity")
        for statement in (_VANISH, _CHANGE, _MAKE):
            cursor.execute(statement, values)
        cursor.execute("DROP TABLE derived_activity")


def note_documents(batch: Batch, *, at: datetime) -> None:
    """A batch posted or took back sales lines: allocated months of theirs are to be run again."""
    if not _used() & set(OF_DOCUMENTS):
        return
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {"batch": batch.pk, "sale": EntryKind.SALE.value, "at": at})


def recorded_source() -> Source:
    """The source of activities that follow from interactions."""
    return Source.objects.get_or_create(name=RECORDED)[0]


def _used() -> set[str]:
    """From what some type of activity is derived."""
    types = ActivityType.objects.exclude(derived_from="")
    return set(types.values_list("derived_from", flat=True))


# Which equation holds is asked once for each type and day; it says which drivers are wanted.
# Where none holds yet, nothing is derived yet.
_STAGE = """
CREATE TEMP TABLE derived_activity ON COMMIT DROP AS
WITH standing AS (
    SELECT customer_id, source_id, document, date, quantity
    FROM ledger_entry AS sold
    WHERE kind = %(sale)s AND part = 0 AND date BETWEEN %(first)s AND %(last)s
      AND reverses_id IS NULL
      AND NOT EXISTS (SELECT FROM ledger_entry AS taken WHERE taken.reverses_id = sold.id)
), work AS (
    SELECT way, customer_id, source_id, document, min(date) AS date, count(*) AS lines,
           greatest(coalesce(sum(quantity), 0), 0) AS pieces
    FROM standing
    CROSS JOIN (SELECT DISTINCT derived_from AS way FROM serving_activitytype
                WHERE derived_from IN ('orders', 'deliveries')) AS ways
    GROUP BY way, customer_id, source_id, document, CASE way WHEN 'deliveries' THEN date END
), known AS MATERIALIZED (
    SELECT customer_id FROM work GROUP BY customer_id
    HAVING EXISTS (
        SELECT FROM ledger_entry AS sold
        WHERE sold.customer_id = work.customer_id AND date < %(first)s AND kind = %(sale)s
          AND part = 0 AND reverses_id IS NULL
          AND NOT EXISTS (SELECT FROM ledger_entry AS taken WHERE taken.reverses_id = sold.id))
), counted AS (
    SELECT work.*,
           (known.customer_id IS NULL AND row_number() OVER (
               PARTITION BY way, customer_id ORDER BY date, source_id, document) = 1)::int AS first
    FROM work LEFT JOIN known USING (customer_id)
), holding AS MATERIALIZED (
    SELECT type.id AS type_id, type.derived_from AS way, day::date AS date,
           ARRAY(SELECT name FROM serving_driver WHERE equation_id = equation.id) AS wanted
    FROM serving_activitytype AS type
    CROSS JOIN generate_series(%(first)s::timestamp, %(last)s::timestamp, '1 day') AS day
    CROSS JOIN LATERAL (
        SELECT id FROM serving_equation
        WHERE type_id = type.id AND valid_from <= day ORDER BY valid_from DESC LIMIT 1
    ) AS equation
    WHERE type.derived_from <> ''
), happened AS (
    SELECT way, each.id, key, customer_id, day AS date, minutes,
           (NOT EXISTS (
               SELECT FROM care_interaction AS earlier
               WHERE earlier.customer_id = each.customer_id AND earlier.kind = each.kind
                 AND earlier.withdrawn_at IS NULL
                 AND (earlier.day, earlier.id) < (each.day, each.id)))::int AS first
    FROM care_interaction AS each
    JOIN (VALUES {ways}) AS ways (way, kind) USING (kind)
    WHERE each.day BETWEEN %(first)s AND %(last)s AND withdrawn_at IS NULL
      AND (reached OR minutes IS NOT NULL)
      AND EXISTS (SELECT FROM serving_activitytype WHERE derived_from = way)
)
SELECT holding.type_id, happened.customer_id, %(recorded)s AS source_id,
       %(month_name)s || '/' || happened.key AS document, happened.date, happened.id AS line,
       happened.minutes,
       jsonb_strip_nulls(jsonb_build_object(
           'first', CASE WHEN 'first' = ANY (wanted) THEN first END)) AS drivers
FROM happened JOIN holding USING (way, date)
UNION ALL
SELECT holding.type_id, counted.customer_id, counted.source_id, counted.document, counted.date,
       CASE way WHEN 'deliveries' THEN to_char(counted.date, 'YYYYMMDD')::bigint
                ELSE %(month)s END AS line,
       NULL::numeric, jsonb_strip_nulls(jsonb_build_object(
           'lines', CASE WHEN 'lines' = ANY (wanted) THEN lines END,
           'pieces', CASE WHEN 'pieces' = ANY (wanted) THEN trim_scale(pieces) END,
           'first', CASE WHEN 'first' = ANY (wanted) THEN first END))
FROM counted JOIN holding USING (way, date)
""".replace("{ways}", WAYS)

_STAGE_NOTHING = """
CREATE TEMP TABLE derived_activity ON COMMIT DROP AS
SELECT type_id, customer_id, source_id, document, date, line, minutes, drivers
FROM serving_activity WHERE false
"""

_SAME = "(now.type_id, now.customer_id, now.source_id, now.document, now.line)"
_SAME += " = (kept.type_id, kept.customer_id, kept.source_id, kept.document, kept.line)"

_VANISH = f"""
DELETE FROM serving_activity AS kept
WHERE derived AND date BETWEEN %(first)s AND %(last)s
  AND NOT EXISTS (SELECT FROM derived_activity AS now WHERE {_SAME})
"""  # noqa: S608  # only with what stands above

_CHANGE = f"""
UPDATE serving_activity AS kept
SET date = now.date, minutes = now.minutes, drivers = now.drivers
FROM derived_activity AS now
WHERE kept.derived AND kept.date BETWEEN %(first)s AND %(last)s AND {_SAME}
  AND (kept.date, kept.minutes, kept.drivers)
      IS DISTINCT FROM (now.date, now.minutes, now.drivers)
"""  # noqa: S608  # only with what stands above

_MAKE = f"""
INSERT INTO serving_activity
    (customer_id, type_id, date, minutes, drivers, source_id, document, line, derived)
SELECT customer_id, type_id, date, minutes, drivers, source_id, document, line, true
FROM derived_activity AS now
WHERE NOT EXISTS (
    SELECT FROM serving_activity AS kept
    WHERE kept.derived AND kept.date BETWEEN %(first)s AND %(last)s AND {_SAME})
ORDER BY date, source_id, CASE WHEN source_id = %(recorded)s THEN line END, document,
         type_id, customer_id
"""  # noqa: S608  # only with what stands above

_NOTE = """
INSERT INTO serving_monthchange (month, at)
SELECT DISTINCT run.month, %(at)s FROM serving_allocationrun AS run
WHERE run.month IN (
    SELECT date_trunc('month', date)::date FROM ledger_entry
    WHERE batch_id = %(batch)s AND kind = %(sale)s)
"""
