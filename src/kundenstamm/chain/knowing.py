"""Whose stored figures a person may be told: those of whom nothing behind is kept from them.

A figure over a chain in which somebody is hidden would tell of him by what it is larger. So who
does not know everybody behind a link is told sums over those whom they know, reckoned when asked.

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
"""  # noqa: S608

DROP = "DROP FUNCTION chain_partly_hidden_from(bigint, date);"


def kept_back(actor: User, day: date) -> set[int]:
    """Customers of whom the stored figures may not be told, though nobody behind has a way out.

    Of their chain somebody is hidden from the actor, or they were opened for the actor; the latter
    says nothing of who knows everybody.
    """
    opened = "'{}'::bigint[]" if reach_of(actor) is Reach.ALL else _OPENED
    told: dict[str, Any] = {"who": actor.pk, "day": day}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT chain_partly_hidden_from(%(who)s, %(day)s) || {opened}", told)
        return set(cursor.fetchone()[0])


_OPENED = "ARRAY(SELECT customers_granted_to(%(who)s, 'open'))"
