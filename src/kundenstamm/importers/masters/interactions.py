"""Interactions from a file: new ones recorded, known ones brought up to date.

Notes are sealed before the database sees any of them, as `contacts` does it.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from kundenstamm.care.models import Interaction
from kundenstamm.customers.models import Representative
from kundenstamm.guard import keys
from kundenstamm.guard.models import User
from kundenstamm.guard.sealed_fields import indexes_of, sealed_columns
from kundenstamm.importers.identity import identified_work
from kundenstamm.importers.interaction_rows import Known
from kundenstamm.importers.masters.customers import Merged, numbers
from kundenstamm.importers.masters.staging import stage

if TYPE_CHECKING:
    import polars as pl

COLUMNS = {
    "customer": "text", "date": "date", "kind": "text", "direction": "text", "reached": "boolean",
    "minutes": "numeric(12,3)", "author": "bigint", "document": "text", "line": "bigint",
    "note_key": "uuid", "note": "text", "note_index": "text",
}  # fmt: skip


def known() -> Known:
    """Customers and people that a file may speak of."""
    authors: dict[str, int | None] = {
        code.lower(): user for code, user in Representative.objects.values_list("code", "user_id")
    }
    authors |= {mail.lower(): pk for mail, pk in User.objects.values_list("email", "pk")}
    return Known(numbers(), authors)


def merge(rows: pl.DataFrame, batch: int, source: int, at: datetime) -> Merged:
    """Record interactions under their document and line; one that is there already is corrected."""
    stage(sealed(identified_work(rows, "kind", "note"), source), "staged_interaction", COLUMNS)
    values: dict[str, Any] = {
        "batch": batch, "source": source, "at": at, "zone": timezone.get_default_timezone_name(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE staged_interaction")
        cursor.execute(_CHANGE, values)
        changed = cursor.rowcount
        cursor.execute(_MAKE, values)
        [made] = cursor.fetchone()
        cursor.execute("DROP TABLE staged_interaction")
    return Merged(made, changed, rows.height - made - changed)


def sealed(rows: pl.DataFrame, source: int) -> pl.DataFrame:
    """The rows with sealed notes; null where the file says nothing new.

    Needs a transaction, which must also write them: until then no key is forgotten.
    """
    import polars as pl

    keys.hold()
    ring, there = keys.ring(), _there(rows["document"].unique().to_list(), source)
    found: list[tuple[str, str | None, str | None]] = []
    for document, line, text in rows.select("document", "line", "note").iter_rows():
        key, index = there.get((document, line)) or (uuid.uuid4(), "")
        same = bool(index) and index in indexes_of(Interaction, "note", text or "", ring)
        if not text or same:
            found.append((str(key), None, None))
        else:
            made = sealed_columns(Interaction, key, "note", text, ring.current)
            found.append((str(key), made["note"], made["note_index"]))
    named = dict.fromkeys(("note_key", "note", "note_index"), pl.String)
    return rows.drop("note").hstack(pl.DataFrame(found, named, orient="row"))


def _there(documents: list[str], source: int) -> dict[tuple[str, int], tuple[uuid.UUID, str]]:
    """Document and line → key and index of what was recorded under them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT document, line, key, note_index FROM care_interaction"
            " WHERE source_id = %s AND document = ANY(%s)",
            [source, documents],
        )
        return {(document, line): (key, index) for document, line, key, index in cursor}


_CHANGE = """
WITH differing AS (
    SELECT old.id, old.key, old.customer_id, old.kind, old.direction, old.reached, old.day,
           old.happened_at, old.minutes, old.author_id, old.note, old.note_index,
           served.id AS new_customer, staged.kind AS new_kind, staged.direction AS new_direction,
           staged.reached AS new_reached, staged.date AS new_day, staged.minutes AS new_minutes,
           staged.author AS new_author, coalesce(staged.note, old.note) AS new_note,
           coalesce(staged.note_index, old.note_index) AS new_index
    FROM staged_interaction AS staged
    JOIN customers_customer AS served ON served.number = staged.customer
    JOIN care_interaction AS old ON old.source_id = %(source)s
     AND old.document = staged.document AND old.line = staged.line
    WHERE staged.note IS NOT NULL
       OR (old.customer_id, old.kind, old.direction, old.reached, old.day, old.minutes,
           old.author_id)
          IS DISTINCT FROM (served.id, staged.kind, staged.direction, staged.reached, staged.date,
           staged.minutes, staged.author)
), noted AS (
    INSERT INTO importers_rowchange (batch_id, "table", row, before)
    SELECT %(batch)s, 'care_interaction', id,
           jsonb_build_object('key', key, 'customer_id', customer_id, 'kind', kind,
                              'direction', direction, 'reached', reached, 'day', day,
                              'happened_at', happened_at, 'minutes', minutes,
                              'author_id', author_id,
                              'note', note, 'note_index', note_index)
    FROM differing
)
UPDATE care_interaction AS interaction
SET customer_id = new_customer, kind = new_kind, direction = new_direction,
    reached = new_reached, day = new_day, minutes = new_minutes, author_id = new_author,
    note = new_note, note_index = new_index,
    happened_at = CASE WHEN differing.day = new_day THEN differing.happened_at
        ELSE least((new_day + time '12:00') AT TIME ZONE %(zone)s, %(at)s) END
FROM differing WHERE interaction.id = differing.id
"""

_MAKE = """
WITH made AS (
    INSERT INTO care_interaction
        (key, customer_id, kind, direction, reached, happened_at, day, minutes, note, note_index,
         author_id, recorded_at, withdrawn_because, source_id, document, line)
    SELECT staged.note_key, served.id, staged.kind, staged.direction, staged.reached,
           least((staged.date + time '12:00') AT TIME ZONE %(zone)s, %(at)s), staged.date,
           staged.minutes, coalesce(staged.note, ''), coalesce(staged.note_index, ''),
           staged.author, %(at)s, '', %(source)s, staged.document, staged.line
    FROM staged_interaction AS staged
    JOIN customers_customer AS served ON served.number = staged.customer
    ORDER BY staged.date, staged.document, staged.line
    ON CONFLICT (source_id, document, line) WHERE source_id IS NOT NULL DO NOTHING
    RETURNING id
), noted AS (
    INSERT INTO importers_rowchange (batch_id, "table", row, before)
    SELECT %(batch)s, 'care_interaction', id, NULL FROM made
)
SELECT count(*) FROM made
"""
