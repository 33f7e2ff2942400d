"""Whose stored figures a person may be told: those of whom he knows what all others know.

Stored are sums over everybody who is not confidential. A figure over a chain in which somebody is
closed to a person would tell of him by what it is larger; and to whom a confidential customer was
opened, the stored ones say too little. So for these persons the chains above such a customer are
reckoned when asked, over those whom they know.

Whoever knows somebody by serving him, or somebody above him, today, knows everybody behind him
who is not hidden: not so whoever was opened for a person, who knows of him alone.
The database answers which links these are, with the owner's rights and nothing but ids: by the
policies nobody could walk from a hidden customer up. Migrations run this text.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Reach, reach_of

_HOLDS = (
    "(link.valid_from IS NULL OR link.valid_from <= day)"
    " AND (link.valid_to IS NULL OR link.valid_to >= day)"
)

# Our own constants only: there is nothing to inject.
_ABOVE = f"""
    , apart AS (
        SELECT id FROM other
        -- Whom such a one supplies counts at others by a share, and that would tell of him.
        UNION SELECT link.downstream_id FROM customers_chainlink AS link
        JOIN other ON other.id = link.upstream_id WHERE {_HOLDS}
        UNION SELECT link.upstream_id FROM apart
        JOIN customers_chainlink AS link ON link.downstream_id = apart.id WHERE {_HOLDS}
    )
    SELECT coalesce(array_agg(id), '{{}}') FROM apart
"""  # noqa: S608
# As long as the stored figures had everybody in them.
CREATE = f"""
CREATE FUNCTION chain_partly_hidden_from(person bigint, day date) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH RECURSIVE other AS (SELECT unnest(customers_hidden_from(person)) AS id)
    {_ABOVE}
$$;
"""
DROP = "DROP FUNCTION chain_partly_hidden_from(bigint, date);"
CREATE_APART = f"""
CREATE FUNCTION chain_known_otherwise_by(person bigint, day date) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH RECURSIVE hidden AS (
        SELECT unnest(customers_hidden_from(person)) AS id
    ), other AS (
        (SELECT id FROM hidden EXCEPT SELECT id FROM customers_customer WHERE confidential)
        UNION
        (SELECT id FROM customers_customer WHERE confidential EXCEPT SELECT id FROM hidden)
    )
    {_ABOVE}
$$;
"""  # noqa: S608
DROP_APART = "DROP FUNCTION chain_known_otherwise_by(bigint, date);"


def known_otherwise(actor: User, day: date) -> set[int]:
    """Customers of whom the stored figures may not be told, though nobody behind has a way out.

    Somebody in their chain is closed to the actor, or is confidential and was opened; or they were
    opened for the actor themselves, which says nothing to who knows everybody.
    """
    opened = "'{}'::bigint[]" if reach_of(actor) is Reach.ALL else _OPENED
    told: dict[str, Any] = {"who": actor.pk, "day": day}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT chain_known_otherwise_by(%(who)s, %(day)s) || {opened}", told)
        return set(cursor.fetchone()[0])


_OPENED = "ARRAY(SELECT customers_granted_to(%(who)s, 'open'))"
