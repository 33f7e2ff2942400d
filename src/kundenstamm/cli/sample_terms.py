"""The agreements of the sample company, and what they caused in its ledger."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection

from kundenstamm.guard.models import User
from kundenstamm.ledger import copying
from kundenstamm.terms.booking import recognise_all

if TYPE_CHECKING:
    from kundenstamm.worth.synthetic import SampleCompany


def load_agreements(company: SampleCompany, *, actor: User, at: datetime) -> None:
    """Rebates, promotions that renew each other, and the yearly bonus; then their causes."""
    began: date = company.sales["date"].min()  # type: ignore[assignment]
    columns = ("customer", "kind", "share", "starts", "ends")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE sample_agreement (customer text, kind text, share numeric(5,4),"
            " starts date, ends date) ON COMMIT DROP"
        )
        copying.write(company.agreements, "sample_agreement", columns)
        cursor.execute(_AGREEMENTS, {"actor": actor.pk, "at": at})
        cursor.execute(_RENEWALS)
        cursor.execute(_BONUSES, {"actor": actor.pk, "at": at, "began": began})
    recognise_all(actor=actor, at=at)


_AGREEMENTS = """
INSERT INTO terms_agreement
    (key, customer_id, kind, rate, valid_from, valid_to, reason, agreed_by_id, agreed_at, state,
     document)
SELECT gen_random_uuid(), customer.id, made.kind, made.share, made.starts, made.ends,
       CASE made.kind WHEN 'promotion' THEN 'Sommeraktion' ELSE 'Jahresgespräch' END,
       %(actor)s, least(%(at)s, made.starts + time '10:00'), 'agreed', ''
FROM sample_agreement AS made
JOIN customers_customer AS customer ON customer.number = made.customer
-- Some rebates rest on a handshake that nobody wrote down.
WHERE NOT (made.kind = 'rebate' AND made.customer::bigint %% 31 = 0)
ORDER BY made.customer, made.kind, made.starts
"""

# A promotion that begins on the day after another of its customer renews it.
_RENEWALS = """
UPDATE terms_agreement AS later SET renews_id = earlier.id
FROM terms_agreement AS earlier
WHERE later.kind = 'promotion' AND earlier.kind = 'promotion'
  AND earlier.customer_id = later.customer_id AND earlier.valid_to + 1 = later.valid_from
"""

# Large customers get 1.5 % of a year's net sales above 30,000.
_BONUSES = """
WITH made AS (
    INSERT INTO terms_agreement
        (key, customer_id, kind, valid_from, reason, agreed_by_id, agreed_at, state, document)
    SELECT gen_random_uuid(), customer_id, 'bonus', %(began)s, 'Jahresgespräch', %(actor)s,
           least(%(at)s, %(began)s::date + time '10:00'), 'agreed', ''
    FROM ledger_entry WHERE kind = 32 GROUP BY customer_id
    RETURNING id, customer_id
)
INSERT INTO terms_agreementtier (agreement_id, customer_id, from_amount, rate)
SELECT id, customer_id, 30000, 0.015 FROM made
"""
