"""Entries go with a customer that is merged: reversed with the one, posted again with the other.

Nothing is rewritten. A merge is a batch of its own like any correction: for every entry that
stands with the dropped customer a reversal of the same day and kind, and beside it the same entry
with the kept one. The two cancel to the fourth decimal, so every sum over both customers, over
days, kinds and products is what it was; and the ledger tells for good whose entry it was at first.
An undo posts the same the other way round, with whatever amounts stand by then.
"""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.moving import Moving
from kundenstamm.guard.models import User
from kundenstamm.ledger.actions import Document, open_batch
from kundenstamm.ledger.models import Batch, Entry
from kundenstamm.ledger.posting import settling

SOURCE = Document("Merging of customers")
TABLE = "ledger_batch"


class Entries:
    """All that stands in the ledger with the dropped customer."""

    label = _("Entries of the ledger")
    covers = ("ledger.Entry", "customer")

    def count(self, drop: int, actor: User) -> int:
        known = Entry.objects.visible_to(actor).filter(customer=drop)
        return known.filter(reverses=None, reversals=None).count()

    def move(self, of: Moving) -> int:
        standing = Entry.objects.filter(customer=of.drop, reverses=None, reversals=None)
        found = standing.count()
        if not found:
            return 0
        batch = open_batch(Batch.Kind.MERGE, SOURCE, actor=of.actor, at=of.at)
        of.note(TABLE, {}, [batch.pk])
        _post(batch, _ALL, {"customer": of.drop, "to": of.keep})
        return found

    def back(self, of: Moving) -> None:
        for move in of.merge.moves.filter(table=TABLE):
            [made] = Batch.objects.filter(pk__in=move.rows)
            batch = open_batch(Batch.Kind.UNDO, SOURCE, actor=of.actor, at=of.at, undoes=made)
            _post(batch, _MOVED, {"batch": made.pk, "customer": of.keep, "to": of.drop})


def _post(batch: Batch, stage: str, values: dict[str, int]) -> None:
    settling.open_stage()
    with connection.cursor() as cursor:
        cursor.execute(stage, values)
    settling.settle(batch.pk)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS staged_entry, compared_entry")


_COLUMNS = """source_id, document, line, part, customer_id, date, kind, amount, quantity,
    product_id, currency, original_amount"""

_STANDING = """
FROM ledger_entry AS entry
WHERE entry.customer_id = %(customer)s AND entry.reverses_id IS NULL
  AND NOT EXISTS (SELECT FROM ledger_entry AS undone WHERE undone.reverses_id = entry.id)
"""

_AS_IT_STANDS = """entry.source_id, entry.document, entry.line, entry.part, %(to)s, entry.date,
       entry.kind, entry.amount, entry.quantity, entry.product_id, entry.currency,
       entry.original_amount"""

# All names are our own literals: there is nothing to inject.
_ALL = f"INSERT INTO staged_entry ({_COLUMNS}) SELECT {_AS_IT_STANDS} {_STANDING}"

_MOVED = f"""
INSERT INTO staged_entry ({_COLUMNS}) SELECT {_AS_IT_STANDS} {_STANDING}
  AND EXISTS (
      SELECT FROM ledger_entry AS moved
      WHERE moved.batch_id = %(batch)s AND moved.reverses_id IS NULL
        AND moved.source_id = entry.source_id AND moved.document = entry.document
        AND moved.line = entry.line AND moved.part = entry.part)
"""  # noqa: S608
