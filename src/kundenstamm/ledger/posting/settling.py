"""From what should stand to what is posted: nothing, a first entry, or a reversal and another.

A key (source, document, line, part) has entries with rising revisions. The last one tells what
stands: an entry that is no reversal stands; a reversal leaves nothing standing.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

from django.db import connection


@dataclass(frozen=True)
class Settled:
    """How many lines (not the entries they cause) were new, changed, taken back, unchanged."""

    new: int
    changed: int
    withdrawn: int
    unchanged: int

    def __add__(self, other: Settled) -> Settled:
        pairs = zip(astuple(self), astuple(other), strict=True)
        return Settled(*(mine + others for mine, others in pairs))


def open_stage() -> None:
    """The table of what should stand. ``amount`` null: nothing should stand under this key.

    Identity numbers come from the ledger's own sequence, so that causes can point to lines that
    are posted by the same statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMP TABLE staged_entry (
                id bigint DEFAULT nextval('ledger_entry_id_seq'),
                source_id bigint, document text, line bigint, part smallint,
                customer_id bigint, date date, kind smallint, amount numeric(18,4),
                quantity numeric(18,4), product_id bigint, currency text DEFAULT '',
                original_amount numeric(18,4)
            ) ON COMMIT DROP
            """
        )


def settle(batch: int) -> Settled:
    """Compare the stage with the ledger and post the difference; empties the stage."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE staged_entry (source_id, document, line)")
        cursor.execute(_COMPARE)
        # Joined with itself twice: unmeasured, it would be gone through once for each of its rows.
        cursor.execute("ANALYZE compared_entry (source_id, document, line, part, verdict)")
        cursor.execute(_MOVE_CAUSED)
        cursor.execute(_REVERSE, [batch])
        cursor.execute(_POST, [batch])
        cursor.execute(
            """
            SELECT count(*) FILTER (WHERE verdict = 'new'),
                   count(*) FILTER (WHERE verdict = 'changed'),
                   count(*) FILTER (WHERE verdict = 'withdrawn'),
                   count(*) FILTER (WHERE verdict = 'unchanged')
            FROM compared_entry WHERE part = 0
            """
        )
        counts = cursor.fetchone()
        cursor.execute("DROP TABLE compared_entry; TRUNCATE staged_entry")
    return Settled(*counts)


def compare() -> Settled:
    """What `settle` would do, without doing it."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE staged_entry (source_id, document, line)")
        cursor.execute(_COMPARE)
        cursor.execute(
            "SELECT verdict, count(*) FROM compared_entry WHERE part = 0 GROUP BY verdict"
        )
        counts = dict(cursor.fetchall())
    return Settled(*(counts.get(v, 0) for v in ("new", "changed", "withdrawn", "unchanged")))


# One index look-up for each staged key: what a small file costs does not grow with the ledger.
_COMPARE = """
CREATE TEMP TABLE compared_entry ON COMMIT DROP AS
SELECT staged.*, last.id AS last_id, last.reverses_id IS NULL AND last.id IS NOT NULL AS stands,
       coalesce(last.revision + 1, 0) AS next_revision,
       CASE
           WHEN last.id IS NULL OR last.reverses_id IS NOT NULL
               THEN CASE WHEN staged.amount IS NULL THEN 'nothing' ELSE 'new' END
           WHEN staged.amount IS NULL THEN 'withdrawn'
           WHEN (staged.customer_id, staged.date, staged.kind, staged.amount, staged.quantity,
                 staged.product_id)
                IS NOT DISTINCT FROM
                (last.customer_id, last.date, last.kind::smallint, last.amount, last.quantity,
                 last.product_id) THEN 'unchanged'
           ELSE 'changed'
       END AS verdict
FROM staged_entry AS staged
LEFT JOIN LATERAL (
    SELECT * FROM ledger_entry AS entry
    WHERE entry.source_id = staged.source_id AND entry.document = staged.document
      AND entry.line = staged.line AND entry.part = staged.part
    ORDER BY revision DESC LIMIT 1
) AS last ON true
"""

# What a changed line caused must be posted anew, so that it points to the line that stands now.
_MOVE_CAUSED = """
UPDATE compared_entry AS caused SET verdict = 'changed'
FROM compared_entry AS cause
WHERE cause.part = 0 AND cause.verdict IN ('changed', 'withdrawn')
  AND caused.part > 0 AND caused.verdict = 'unchanged'
  AND caused.source_id = cause.source_id AND caused.document = cause.document
  AND caused.line = cause.line
"""

_REVERSE = """
INSERT INTO ledger_entry (customer_id, date, kind, amount, quantity, product_id, source_id,
                          document, line, part, revision, batch_id, reverses_id, caused_by_id,
                          currency, original_amount)
SELECT old.customer_id, old.date, old.kind, -old.amount, -old.quantity, old.product_id,
       old.source_id, old.document, old.line, old.part, old.revision + 1, %s, old.id,
       old.caused_by_id, old.currency, -old.original_amount
FROM compared_entry AS compared
JOIN ledger_entry AS old ON old.id = compared.last_id
WHERE compared.verdict IN ('changed', 'withdrawn')
"""

_POST = """
INSERT INTO ledger_entry (id, customer_id, date, kind, amount, quantity, product_id, source_id,
                          document, line, part, revision, batch_id, caused_by_id, currency,
                          original_amount)
SELECT posted.id, posted.customer_id, posted.date, posted.kind, posted.amount, posted.quantity,
       posted.product_id, posted.source_id, posted.document, posted.line, posted.part,
       posted.next_revision + (posted.verdict = 'changed')::int, %s,
       CASE WHEN posted.part = 0 THEN NULL
            ELSE coalesce(cause.id, (
                SELECT id FROM ledger_entry AS line
                WHERE line.source_id = posted.source_id AND line.document = posted.document
                  AND line.line = posted.line AND line.part = 0
                ORDER BY revision DESC LIMIT 1
            ))
       END,
       posted.currency, posted.original_amount
FROM compared_entry AS posted
LEFT JOIN compared_entry AS cause
       ON posted.part > 0 AND cause.part = 0 AND cause.verdict IN ('new', 'changed')
      AND cause.source_id = posted.source_id AND cause.document = posted.document
      AND cause.line = posted.line
WHERE posted.verdict IN ('new', 'changed')
"""
