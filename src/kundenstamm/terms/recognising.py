"""Which entries did which agreement cause? Set-based: a statement for all customers at once.

An entry fits an agreement of its customer if the kind fits, the agreement holds on the day, and
the reduction is about the agreed share of what the document sold within the agreement's scope.
Of several that fit, the one for a product comes before the one for a category, and that before
the one for everything; where two are left, nobody is chosen, and a person says which.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from kundenstamm.guard.models import User
from kundenstamm.guard.queries import known_customers
from kundenstamm.ledger.models import Source

# Under this source a month's accrued bonuses are a document, and each agreement a line of it.
ACCRUED = "Bonus, accrued"


def recognise(*, at: datetime, customer: int | None = None) -> int:
    """Link what can be told without asking, of one customer or of all; how many are new."""
    values: dict[str, Any] = {"at": at, "customer": customer, "accrued": accrued_source()}
    with connection.cursor() as cursor:
        for statement in (_FOLLOW, _LET_GO, _ACCRUALS, _FITTING):
            cursor.execute(statement, values)
        cursor.execute(_LINK, values)
        linked = int(cursor.rowcount)
        cursor.execute("DROP TABLE fitting")
    return linked


def still_granted(actor: User, agreements: Sequence[int]) -> list[tuple[int, date, Decimal]]:
    """What is given on promotions that are over: agreement, last day, sum of the entries."""
    values = {"agreements": list(agreements), "accrued": accrued_source()}
    with connection.cursor() as cursor:
        known = known_customers(actor, "agreement.customer_id")
        cursor.execute(_STILL_GRANTED.replace("{known}", known), values)
        return list(cursor.fetchall())


def accrued_source() -> int | None:
    """The id of the accruals' source; None before the first."""
    return Source.objects.filter(name=ACCRUED).values_list("pk", flat=True).first()


_STANDS = """{entry}.reverses_id IS NULL
  AND NOT EXISTS (SELECT FROM ledger_entry AS undone WHERE undone.reverses_id = {entry}.id)"""
_ASKED = "(%(customer)s::bigint IS NULL OR {row}.customer_id = %(customer)s)"

# A corrected entry keeps the cause that somebody named: the link goes on to what stands now.
_FOLLOW = f"""
UPDATE terms_agreemententry AS link SET entry_id = stands.id
FROM ledger_entry AS former, ledger_entry AS stands
WHERE former.id = link.entry_id AND link.linked_by_id IS NOT NULL
  AND {_ASKED.format(row="link")}
  AND EXISTS (SELECT FROM ledger_entry AS undone WHERE undone.reverses_id = former.id)
  AND stands.source_id = former.source_id AND stands.document = former.document
  AND stands.line = former.line AND stands.part = former.part
  AND stands.customer_id = former.customer_id AND stands.kind = former.kind
  AND {_STANDS.format(entry="stands")}
"""  # noqa: S608

# What was taken back has no cause any more; nor has what was recognised and is now outside.
_LET_GO = f"""
DELETE FROM terms_agreemententry AS link
USING ledger_entry AS entry, terms_agreement AS agreement
WHERE entry.id = link.entry_id AND agreement.id = link.agreement_id
  AND {_ASKED.format(row="link")}
  AND (EXISTS (SELECT FROM ledger_entry AS undone WHERE undone.reverses_id = entry.id)
       OR (link.linked_by_id IS NULL AND agreement.kind <> 'bonus'
           AND NOT entry.date BETWEEN agreement.valid_from
                                  AND coalesce(agreement.valid_to, 'infinity')))
"""  # noqa: S608

_ACCRUALS = f"""
INSERT INTO terms_agreemententry (agreement_id, customer_id, entry_id, linked_at)
SELECT agreement.id, entry.customer_id, entry.id, %(at)s
FROM ledger_entry AS entry
JOIN terms_agreement AS agreement
  ON agreement.id = entry.line AND agreement.customer_id = entry.customer_id
WHERE entry.source_id = %(accrued)s AND {_STANDS.format(entry="entry")}
  AND {_ASKED.format(row="entry")}
ON CONFLICT (entry_id) DO NOTHING
"""  # noqa: S608

# Kinds of agreement → kinds of entry it causes. Free goods are sales at no price.
_KINDS_FIT = """CASE agreement.kind
      WHEN 'bonus' THEN entry.kind = 32
      WHEN 'promotion' THEN entry.kind IN (30, 33)
      WHEN 'free_goods' THEN entry.kind = 10 AND entry.amount = 0 AND entry.quantity > 0
      WHEN 'payment_term' THEN entry.kind = 30 AND agreement.rate IS NOT NULL
      ELSE entry.kind IN (30, 31) END"""

# A bonus is paid for a year that may have ended before the note, and on no document's sales.
_IN_TIME = """entry.date BETWEEN agreement.valid_from AND coalesce(
      agreement.valid_to + CASE agreement.kind WHEN 'bonus' THEN 365 ELSE 0 END, 'infinity')"""

# What the reduction was given on: the line that caused it, else the document's sales in scope.
_BASE = f"""
LEFT JOIN LATERAL (
    SELECT sum(sold.amount) AS amount, sum(sold.quantity) AS quantity
    FROM ledger_entry AS sold
    LEFT JOIN ledger_product AS product ON product.id = sold.product_id
    WHERE sold.source_id = entry.source_id AND sold.document = entry.document
      AND sold.customer_id = entry.customer_id AND sold.kind = 10 AND sold.id <> entry.id
      AND {_STANDS.format(entry="sold")}
      AND (entry.caused_by_id IS NULL OR sold.id = entry.caused_by_id)
      AND (entry.product_id IS NULL OR sold.product_id = entry.product_id)
      AND (agreement.product_id IS NULL OR sold.product_id = agreement.product_id)
      AND (agreement.category_id IS NULL OR product.category_id = agreement.category_id)
) AS base ON true"""  # noqa: S608

# About right: a tenth of the share, or a quarter of a per cent of the sales. Without any sales
# to measure by, an agreement for everything will do.
_RATE_FITS = """CASE
    WHEN agreement.kind = 'bonus' THEN true
    WHEN agreement.kind = 'free_goods' THEN
        (agreement.product_id IS NULL OR agreement.product_id = entry.product_id)
        AND (base.quantity IS NULL OR entry.quantity
             <= 1.1 * base.quantity * agreement.free_quantity / agreement.per_quantity)
    WHEN coalesce(base.amount, 0) <= 0 THEN
        agreement.product_id IS NULL AND agreement.category_id IS NULL
    ELSE EXISTS (
        SELECT FROM (
            SELECT agreement.rate AS rate WHERE agreement.rate IS NOT NULL
            UNION ALL SELECT tier.rate FROM terms_agreementtier AS tier
            WHERE tier.agreement_id = agreement.id
        ) AS agreed
        WHERE abs(-entry.amount - agreed.rate * base.amount)
              <= greatest(0.1 * agreed.rate, 0.0025) * base.amount + 0.01)
    END"""

_FITS = f"""
  AND entry.kind IN (10, 30, 31, 32, 33) AND {_KINDS_FIT}
  AND entry.source_id IS DISTINCT FROM %(accrued)s
  AND {_STANDS.format(entry="entry")}
  AND NOT EXISTS (SELECT FROM terms_agreemententry AS link WHERE link.entry_id = entry.id)
  AND {_RATE_FITS}"""

_FITTING = f"""
CREATE TEMP TABLE fitting ON COMMIT DROP AS
SELECT entry.id AS entry_id, entry.customer_id, agreement.id AS agreement_id,
       CASE WHEN agreement.product_id IS NOT NULL THEN 2
            WHEN agreement.category_id IS NOT NULL THEN 1 ELSE 0 END AS narrowness
FROM terms_agreement AS agreement
JOIN ledger_entry AS entry ON entry.customer_id = agreement.customer_id AND {_IN_TIME}
{_BASE}
WHERE {_ASKED.format(row="agreement")} {_FITS}
"""  # noqa: S608

_STILL_GRANTED = f"""
SELECT agreement_id, max(date), sum(amount)
FROM (
    -- Of several that are over, the last one is meant.
    SELECT DISTINCT ON (entry.id) agreement.id AS agreement_id, entry.date, entry.amount
    FROM terms_agreement AS agreement
    JOIN ledger_entry AS entry ON entry.customer_id = agreement.customer_id
     AND entry.date BETWEEN agreement.valid_to + 1 AND agreement.valid_to + 365
    {_BASE}
    WHERE agreement.id = ANY(%(agreements)s) AND agreement.kind = 'promotion' {_FITS}
      AND {{known}}
    ORDER BY entry.id, agreement.valid_to DESC, agreement.id DESC
) AS given
GROUP BY agreement_id
"""  # noqa: S608

_LINK = """
INSERT INTO terms_agreemententry (agreement_id, customer_id, entry_id, linked_at)
SELECT min(agreement_id), min(customer_id), entry_id, %(at)s
FROM fitting
WHERE narrowness = (
    SELECT max(other.narrowness) FROM fitting AS other WHERE other.entry_id = fitting.entry_id)
GROUP BY entry_id HAVING count(*) = 1
"""
