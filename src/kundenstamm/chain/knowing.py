"""Whose stored figures a person may be told: those of whom nothing behind is kept from them.

A figure over a chain in which somebody is hidden would tell of him by what it is larger. So who
does not know everybody behind a link is told sums over those whom they know, reckoned when asked.
The database answers which links these are, with the owner's rights and nothing but ids: by the
policies nobody could walk from a hidden customer up. Migrations run this text.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

from kundenstamm.guard.models import User

_HOLDS = (
    "(link.valid_from IS NULL OR link.valid_from <= day)"
    " AND (link.valid_to IS NULL OR link.valid_to >= day)"
)

# Our own constants only: there is nothing to inject.
CREATE = f"""
CREATE FUNCTION chain_partly_hidden_from(person bigint, day date) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH RECURSIVE hidden AS (
        SELECT unnest(customers_hidden_from(person)) AS id
    ), dark AS (
        SELECT id FROM hidden
        -- Whom somebody hidden supplies counts at others by a share, and that would tell of him.
        UNION SELECT link.downstream_id FROM customers_chainlink AS link
        JOIN hidden ON hidden.id = link.upstream_id WHERE {_HOLDS}
        UNION SELECT link.upstream_id FROM dark
        JOIN customers_chainlink AS link ON link.downstream_id = dark.id WHERE {_HOLDS}
    )
    SELECT coalesce(array_agg(id), '{{}}') FROM dark
$$;

-- Of those asked for, the ones that the person serves today, or that stand behind such a one.
CREATE FUNCTION chain_served_by(person bigint, asked bigint[], day date) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH RECURSIVE colleagues AS (
        SELECT person AS id
        UNION
        SELECT theirs.user_id FROM guard_team_members AS mine
        JOIN guard_team_members AS theirs ON theirs.team_id = mine.team_id
        WHERE mine.user_id = person AND guard_reach(person) = 'team'
    ), above AS (
        SELECT id AS asked, id FROM unnest(asked) AS id
        UNION SELECT above.asked, link.upstream_id FROM above
        JOIN customers_chainlink AS link ON link.downstream_id = above.id WHERE {_HOLDS}
    )
    SELECT coalesce(array_agg(DISTINCT above.asked), '{{}}') FROM above
    JOIN customers_assignment AS held ON held.customer_id = above.id
    JOIN customers_representative AS who ON who.id = held.representative_id
    JOIN colleagues ON colleagues.id = who.user_id
    WHERE held.starts <= day AND (held.ends IS NULL OR held.ends >= day)
      AND guard_reach(person) IN ('own', 'team')
$$;
"""  # noqa: S608

DROP = """
DROP FUNCTION chain_served_by(bigint, bigint[], date);
DROP FUNCTION chain_partly_hidden_from(bigint, date);
"""


def partly_hidden(actor: User, day: date) -> set[int]:
    """Customers of whose chain somebody is confidential or closed to the actor."""
    return _ids("SELECT chain_partly_hidden_from(%s, %s)", [actor.pk, day])


def served_with_all_behind(actor: User, customers: list[int], day: date) -> set[int]:
    """Those that the actor knows by serving them: with them, everybody behind who is not hidden."""
    return _ids("SELECT chain_served_by(%s, %s::bigint[], %s)", [actor.pk, customers, day])


def _ids(select: str, told: list[Any]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(select, told)
        return set(cursor.fetchone()[0])
