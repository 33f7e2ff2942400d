"""Sums over all whom somebody knows who knows nearly everybody: the stored ones less the hidden.

One confidential customer is enough, and the stored sums are not for a controller any more. Adding
up four hundred thousand bonds takes most of a second; taking away the few that are hidden does not.
The rows of hidden customers are behind the wall, so the database takes them away, with the owner's
rights, and tells what is left: no more than the reader could add up. Migrations run this text.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from kundenstamm.guard.models import User

CREATE = """
CREATE FUNCTION relations_known_sums(person bigint)
RETURNS TABLE (colleague bigint, customers bigint, value numeric, bound numeric, hanging numeric,
               alone bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH newest AS (
        SELECT day, run_id FROM relations_reckoning
        WHERE guard_reach(person) = 'all' ORDER BY id DESC LIMIT 1
    ), hidden AS (
        SELECT unnest(customers_hidden_from(person)) AS id
    ), less AS (
        SELECT bond.colleague_id AS of, count(*) FILTER (WHERE holds) AS customers,
               coalesce(sum(bond.value) FILTER (WHERE holds), 0) AS value,
               sum(bond.value * bond.bound::numeric) AS bound, sum(bond.hanging) AS hanging,
               count(*) FILTER (WHERE holds AND cover = 0) AS alone
        FROM relations_bond AS bond JOIN hidden ON hidden.id = bond.customer_id
        GROUP BY bond.colleague_id
    )
    SELECT stored.colleague_id, stored.customers - coalesce(less.customers, 0),
           stored.value - coalesce(less.value, 0),
           round(greatest(stored.bound - coalesce(less.bound, 0), 0), 4),
           stored.hanging - coalesce(less.hanging, 0), NULL
    FROM relations_personday AS stored JOIN newest ON newest.day = stored.day
    LEFT JOIN less ON less.of = stored.colleague_id
    UNION ALL
    -- The firm: what is expected of all of them, and how many are held by one person alone.
    SELECT NULL, NULL, stored.value - coalesce((
               SELECT sum(greatest(estimate.expected_contribution, 0))
               FROM lifecycle_estimate AS estimate JOIN hidden ON hidden.id = estimate.customer_id
               JOIN customers_customer AS c ON c.id = estimate.customer_id AND NOT c.withdrawn
               WHERE estimate.run_id = newest.run_id), 0),
           NULL, NULL, stored.alone - coalesce((SELECT sum(less.alone) FROM less), 0)::bigint
    FROM relations_firmday AS stored JOIN newest ON newest.day = stored.day
$$;
"""
DROP = "DROP FUNCTION relations_known_sums(bigint);"


@dataclass(frozen=True)
class Sums:
    """Money of twelve months, and how many customers are held, of one colleague."""

    customers: int
    value: Decimal
    bound: Decimal
    hanging: Decimal


@dataclass(frozen=True)
class KnownSums:
    """``people`` by the colleague's id, of those with anything; ``value``, ``alone``: the firm."""

    people: dict[int, Sums]
    value: Decimal
    alone: int


def known_sums(actor: User) -> KnownSums:
    """As of the last reckoning; nothing for who does not see everybody but single ones."""
    people, value, alone = {}, Decimal(0), 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM relations_known_sums(%s)", [actor.pk])
        for colleague, *sums, single in cursor.fetchall():
            if colleague is None:
                value, alone = sums[1], single
            elif any(sums):
                people[colleague] = Sums(*sums)
    return KnownSums(people, value, alone)
