"""What came back while an agreement held: told beside what came before, and claimed by nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from kundenstamm.guard.models import User
from kundenstamm.guard.queries import known_customers, sees_whole_base
from kundenstamm.terms.models import Agreement

A_DAY = timedelta(days=1)
# Fewer customers of a kind are no yardstick.
COMPARABLE_AT_LEAST = 5


@dataclass(frozen=True)
class Returned:
    """A customer's figures in the agreement's span, and in as many days before it."""

    first: date
    last: date
    net: Decimal
    contribution_1: Decimal
    net_before: Decimal
    contribution_1_before: Decimal

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def change(self) -> Decimal:
        """Of contribution I, over the span."""
        return self.contribution_1 - self.contribution_1_before


@dataclass(frozen=True)
class Comparison:
    """Net sales in the span as a multiple of those before: own, and of comparable customers."""

    own: Decimal
    others: Decimal
    customers: int


def returned(actor: User, agreements: Iterable[Agreement], as_of: date) -> dict[int, Returned]:
    """By agreement; those that have not begun, or whose time before the books begin, are missing.

    Only agreements that the actor knows may be handed in.
    """
    spans = {each.pk: (each, *_span(each, as_of)) for each in agreements}
    begun = {pk: told for pk, told in spans.items() if told[1] <= told[2]}
    if not begun:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _RETURNED.format(known=known_customers(actor, "span.customer_id")),
            [
                [each.pk for each, _f, _l in begun.values()],
                [each.customer_id for each, _f, _l in begun.values()],
                [first for _e, first, _l in begun.values()],
                [last for _e, _f, last in begun.values()],
            ],
        )
        rows = cursor.fetchall()
    return {pk: Returned(*begun[pk][1:], *figures) for pk, *figures in rows}


def comparison(actor: User, agreement: Agreement, found: Returned) -> Comparison | None:
    """Beside customers of the same link without such an agreement in either span.

    None where they are too few, where nothing was bought before, or for an actor from whom any
    customer is kept: their sum would tell of others.
    """
    if found.net_before <= 0 or not sees_whole_base(actor):
        return None
    told: dict[str, Any] = {
        "customer": agreement.customer_id, "kind": agreement.kind, "first": found.first,
        "last": found.last, "before": found.first - timedelta(days=found.days),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_COMPARABLE, told)
        customers, net, before = cursor.fetchone()
    if customers < COMPARABLE_AT_LEAST:
        return None
    return Comparison(found.net / found.net_before, net / before, customers)


def _span(agreement: Agreement, as_of: date) -> tuple[date, date]:
    return agreement.valid_from, min(agreement.valid_to or as_of, as_of)


# The span before must lie within the books, else less was sold only because nothing is known.
_RETURNED = """
SELECT span.id,
       coalesce(sum(line.amount) FILTER (WHERE line.kind < 40 AND line.date >= span.first), 0),
       coalesce(sum(line.amount) FILTER (WHERE line.date >= span.first), 0),
       coalesce(sum(line.amount) FILTER (WHERE line.kind < 40 AND line.date < span.first), 0),
       coalesce(sum(line.amount) FILTER (WHERE line.date < span.first), 0)
FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::date[])
     AS span (id, customer_id, first, last)
LEFT JOIN ledger_line AS line
       ON line.customer_id = span.customer_id AND line.kind < 50
      AND line.date BETWEEN span.first - (span.last - span.first + 1) AND span.last
WHERE span.first - (span.last - span.first + 1) >= (SELECT min(date) FROM ledger_entry)
  AND {known}
GROUP BY span.id
"""

_COMPARABLE = """
WITH sold AS (
    SELECT entry.customer_id,
           coalesce(sum(entry.amount) FILTER (WHERE entry.date >= %(first)s), 0) AS net,
           coalesce(sum(entry.amount) FILTER (WHERE entry.date < %(first)s), 0) AS before
    FROM ledger_entry AS entry
    JOIN customers_customer AS customer ON customer.id = entry.customer_id
    WHERE entry.kind < 40 AND entry.date BETWEEN %(before)s AND %(last)s
      AND NOT customer.withdrawn
      AND customer.link = (SELECT link FROM customers_customer WHERE id = %(customer)s)
      AND NOT EXISTS (
          SELECT FROM terms_agreement AS other
          WHERE other.customer_id = customer.id AND other.kind = %(kind)s
            AND other.valid_from <= %(last)s
            AND coalesce(other.valid_to, 'infinity') >= %(before)s)
      AND customer.id <> %(customer)s
    GROUP BY entry.customer_id
)
SELECT count(*), coalesce(sum(net), 0), coalesce(sum(before), 0) FROM sold WHERE before > 0
"""
