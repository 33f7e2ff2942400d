"""Sums by channel over the customers that somebody knows now: stored ones, and what differs.

Stored are the sums of a circle (see `kundenstamm.acquisition.models.Circle`). Since the last pass
somebody may have become known or hidden: who differs is added up when asked, and added or taken
off. Rows of whom the reader does not know any more are behind the wall, and the stored sums have
them in it; so the database does this, with the owner's rights, and tells what is left: no more than
the reader could add up. For a reader who has no circle yet everybody is added up. Migrations run
this text.
"""

from __future__ import annotations

from kundenstamm.acquisition.adding import AGES, MONTHS, SUMS, ages_of, months_of

_WHO = "arrival.customer_id = ANY({ids}) AND credit.way = wanted"


def _told(table: str, key: str, made: str, columns: tuple[str, ...]) -> str:
    """What is stored, what comes to it and what goes; ``made``: a statement for ``{ids}``."""
    names, off = ", ".join(columns), ", ".join(f"-{name}" for name in columns)
    sums = ", ".join(f"sum({name}) AS {name}" for name in columns)
    # Of a row whose customers are all taken off nothing is told, and no rest of rounding.
    anything = "sum(number) > 0"
    if "took" in columns:
        anything = "sum(customers) > 0 OR round(sum(took)::numeric, 6) <> 0"
    return (
        f"SELECT {key}, {sums} FROM ("  # noqa: S608
        f"SELECT {key}, {names} FROM {table} WHERE circle_id = kept.id AND way = wanted "
        f"UNION ALL SELECT {key}, {names} FROM ({made.format(ids='more')}) AS made "
        f"UNION ALL SELECT {key}, {off} FROM ({made.format(ids='less')}) AS made"
        f") AS told GROUP BY {key} HAVING {anything}"
    )


_MONTHS = _told("acquisition_channelmonth", "channel, month", months_of(_WHO), MONTHS)
_AGES = _told("acquisition_channelage", "channel, year, month", ages_of(_WHO), AGES)
_SUMS = ", ".join(f"found.{name}" for name in SUMS)

# Our own constants only: there is nothing to inject.
CREATE = f"""
CREATE FUNCTION acquisition_known_sums(person bigint, wanted text)
RETURNS TABLE (of text, month date, year int, age int, customers bigint, won float8,
               regulars float8, took float8, brought float8, number bigint, weight float8,
               weight_squared float8, amount float8, squared float8)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
    reach text := guard_reach(person);
    kept record;
    now_listed bigint[];
    fresh bigint[];
    gone bigint[];
    more bigint[];
    less bigint[];
BEGIN
    IF reach IS NULL OR reach = 'none' THEN
        RETURN;
    END IF;
    SELECT circle.id, coalesce(circle.customers, '{{}}') AS listed,
           coalesce(circle.prospects, 0) AS prospects
    INTO kept FROM (SELECT) AS one LEFT JOIN acquisition_circle AS circle
    ON circle.person_id IS NOT DISTINCT FROM CASE WHEN reach <> 'all' THEN person END;
    now_listed := CASE WHEN reach = 'all' THEN customers_hidden_from(person)
                       ELSE customers_known_to(person) END;
    SELECT coalesce(array_agg(now_id) FILTER (WHERE kept_id IS NULL), '{{}}'),
           coalesce(array_agg(kept_id) FILTER (WHERE now_id IS NULL), '{{}}')
    INTO fresh, gone
    FROM unnest(now_listed) AS now_id FULL JOIN unnest(kept.listed) AS kept_id ON now_id = kept_id
    WHERE now_id IS NULL OR kept_id IS NULL;
    -- The circle of all who know everybody lists who is not in it.
    more := CASE WHEN reach = 'all' THEN gone ELSE fresh END;
    less := CASE WHEN reach = 'all' THEN fresh ELSE gone END;
    RETURN QUERY SELECT found.channel::text, found.month, NULL::int, NULL::int,
        found.customers, found.won, found.regulars, found.took, 0::float8, {_SUMS}
    FROM ({_MONTHS}) AS found;
    RETURN QUERY SELECT found.channel::text, NULL::date, found.year::int, found.month::int,
        0::bigint, 0::float8, 0::float8, 0::float8, found.brought, {_SUMS}
    FROM ({_AGES}) AS found;
    -- Who has not bought yet.
    RETURN QUERY SELECT NULL::text, NULL::date, NULL::int, NULL::int, kept.prospects
        + count(*) FILTER (WHERE arrival.customer_id = ANY(more))
        - count(*) FILTER (WHERE arrival.customer_id = ANY(less)),
        0::float8, 0::float8, 0::float8, 0::float8, 0::bigint, 0::float8, 0::float8, 0::float8,
        0::float8
    FROM acquisition_arrival AS arrival
    WHERE arrival.day IS NULL AND arrival.customer_id = ANY(more || less);
END $$;
"""  # noqa: S608
DROP = "DROP FUNCTION acquisition_known_sums(bigint, text);"
