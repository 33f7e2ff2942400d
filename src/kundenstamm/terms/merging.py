"""What of terms moves when two customers become one."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.moving import Moving, Rows, register


class Links(Rows):
    """What an agreement caused: the link goes on to the entry that stands in the ledger now."""

    def move(self, of: Moving) -> int:
        moved = super().move(of)
        _follow(of.keep)
        return moved

    def back(self, of: Moving) -> None:
        super().back(of)
        _follow(of.drop)


def _follow(customer: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW, {"customer": customer})


# The same line of the same document, whoever it was posted with before.
_FOLLOW = """
UPDATE terms_agreemententry AS link SET entry_id = stands.id
FROM ledger_entry AS former, ledger_entry AS stands
WHERE former.id = link.entry_id AND link.customer_id = %(customer)s
  AND EXISTS (SELECT FROM ledger_entry AS undone WHERE undone.reverses_id = former.id)
  AND stands.source_id = former.source_id AND stands.document = former.document
  AND stands.line = former.line AND stands.part = former.part
  AND stands.customer_id = %(customer)s AND stands.kind = former.kind
  AND stands.reverses_id IS NULL
  AND NOT EXISTS (SELECT FROM ledger_entry AS undone WHERE undone.reverses_id = stands.id)
"""


def register_all() -> None:
    register(
        Rows("terms.Agreement", _("Agreements")),
        Rows("terms.AgreementTier", _("Agreements")),
        Links("terms.AgreementEntry", _("Entries that agreements caused")),
    )
