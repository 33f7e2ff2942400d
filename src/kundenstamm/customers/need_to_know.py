"""Who may know of which customer: said once, as database functions; migrations run this text.

Both walls ask them: ``visible_to(actor)`` names the person, the row-level policies take the actor
that the transaction was opened for. They run as the tables' owner (SECURITY DEFINER) and give back
nothing but ids.

A person of reach ``all`` knows everybody but the hidden: confidential customers that were not
opened for them, and those closed to them. Others know whom they, or with reach ``team`` somebody of
their team, serve today, the customers further down the chain of today, and whom somebody opened for
them, confidential only if opened. What is closed to a person stays closed, whatever else would open
it.
"""

from __future__ import annotations

from django.conf import settings

from kundenstamm.guard.rights import REACH

_REACHES = " ".join(f"WHEN '{role.value}' THEN '{reach.value}'" for role, reach in REACH.items())

# Roles and reaches are our own constants, so there is nothing to inject.
CREATE = f"""
CREATE FUNCTION guard_actor() RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE said text := current_setting('kundenstamm.actor', true);
BEGIN
    IF said IS NULL OR said = '' THEN
        RAISE EXCEPTION 'Rows about customers were asked for on nobody''s behalf.'
        USING ERRCODE = 'insufficient_privilege',
              HINT = 'Open the transaction by kundenstamm.guard.acting.acting_as.';
    END IF;
    RETURN said::bigint;
END $$;

CREATE FUNCTION guard_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(nullif(current_setting('kundenstamm.at', true), '')::timestamptz, now());

CREATE FUNCTION guard_day() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(nullif(current_setting('kundenstamm.day', true), '')::date, current_date);

CREATE FUNCTION guard_reach(person bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT CASE role {_REACHES} END FROM guard_user WHERE id = person AND is_active
$$;

CREATE FUNCTION customers_granted_to(person bigint, wanted text) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT customer_id FROM customers_grant
    WHERE person_id = person AND kind = wanted AND starts_at <= guard_now()
      AND (ends_at IS NULL OR ends_at > guard_now())
$$;

CREATE FUNCTION customers_hidden_from(person bigint) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT ARRAY(
        (SELECT id FROM customers_customer WHERE confidential
         EXCEPT SELECT customers_granted_to(person, 'open'))
        UNION SELECT customers_granted_to(person, 'closed'))
$$;

CREATE FUNCTION customers_known_to(person bigint) RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE reach text := guard_reach(person);
BEGIN
    IF reach IS NULL OR reach NOT IN ('own', 'team') THEN
        RETURN '{{}}';
    END IF;
    RETURN ARRAY(
        WITH RECURSIVE colleagues AS (
            SELECT person AS id
            UNION
            SELECT theirs.user_id FROM guard_team_members AS mine
            JOIN guard_team_members AS theirs ON theirs.team_id = mine.team_id
            WHERE mine.user_id = person AND reach = 'team'
        ), served AS (
            SELECT held.customer_id AS id FROM customers_assignment AS held
            JOIN customers_representative AS who ON who.id = held.representative_id
            JOIN colleagues ON colleagues.id = who.user_id
            WHERE held.starts <= guard_day() AND (held.ends IS NULL OR held.ends >= guard_day())
            UNION
            SELECT link.downstream_id FROM customers_chainlink AS link
            JOIN served ON served.id = link.upstream_id
        )
        (SELECT served.id FROM served JOIN customers_customer AS customer
             ON customer.id = served.id AND NOT customer.confidential
         UNION SELECT customers_granted_to(person, 'open'))
        EXCEPT SELECT customers_granted_to(person, 'closed'));
END $$;
"""  # noqa: S608

# Where nobody has said which day it is, it is the company's and not the server's.
COMPANY_DAY = f"""
CREATE OR REPLACE FUNCTION guard_day() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(
    nullif(current_setting('kundenstamm.day', true), '')::date,
    (now() AT TIME ZONE '{settings.TIME_ZONE}')::date);
"""

# Both walls ask in every statement, and the answer holds for the transaction: it is kept in a
# setting of the transaction, which ends with it. Whatever is noted as written forgets it.
REMEMBER = """
ALTER FUNCTION customers_known_to(bigint) RENAME TO customers_looked_up_for;

CREATE FUNCTION customers_known_to(person bigint) RETURNS bigint[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
    whose text := person || ':';
    kept text := current_setting('kundenstamm.known', true);
    found bigint[];
BEGIN
    IF starts_with(kept, whose) THEN
        RETURN substr(kept, length(whose) + 1)::bigint[];
    END IF;
    found := customers_looked_up_for(person);
    IF current_setting('kundenstamm.actor', true) = person::text THEN
        PERFORM set_config('kundenstamm.known', whose || found::text, true);
    END IF;
    RETURN found;
END $$;
"""

FORGET = """
DROP FUNCTION customers_known_to(bigint);
ALTER FUNCTION customers_looked_up_for(bigint) RENAME TO customers_known_to;
"""

# As it was before links of the chain held from a day to a day: for the way back.
CHAIN_FOR_GOOD = CREATE[CREATE.index("CREATE FUNCTION customers_known_to") :].replace(
    "CREATE FUNCTION customers_known_to", "CREATE OR REPLACE FUNCTION customers_looked_up_for"
)

# A link of the chain opens what is behind it on the days on which it holds.
#
# The same answer in a fifth of the time where somebody serves twenty thousand: whoever is served
# exists, so the few confidential and closed ones are taken off instead of looking each up, and the
# day is asked once. One who is served and opened may be named twice.
LOOK_UP = """
CREATE OR REPLACE FUNCTION customers_looked_up_for(person bigint) RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    reach text := guard_reach(person);
    today date := guard_day();
BEGIN
    IF reach IS NULL OR reach NOT IN ('own', 'team') THEN
        RETURN '{}';
    END IF;
    RETURN ARRAY(
        WITH RECURSIVE colleagues AS (
            SELECT person AS id
            UNION
            SELECT theirs.user_id FROM guard_team_members AS mine
            JOIN guard_team_members AS theirs ON theirs.team_id = mine.team_id
            WHERE mine.user_id = person AND reach = 'team'
        ), served AS (
            SELECT held.customer_id AS id FROM customers_assignment AS held
            JOIN customers_representative AS who ON who.id = held.representative_id
            JOIN colleagues ON colleagues.id = who.user_id
            WHERE held.starts <= today AND (held.ends IS NULL OR held.ends >= today)
            UNION
            SELECT link.downstream_id FROM customers_chainlink AS link
            JOIN served ON served.id = link.upstream_id
            WHERE (link.valid_from IS NULL OR link.valid_from <= today)
              AND (link.valid_to IS NULL OR link.valid_to >= today)
        )
        SELECT id FROM (
            SELECT id FROM served
            WHERE id NOT IN (SELECT secret.id FROM customers_customer AS secret WHERE confidential)
            UNION ALL
            SELECT customers_granted_to(person, 'open')
        ) AS known (id)
        WHERE id NOT IN (SELECT customers_granted_to(person, 'closed')));
END $$;
"""

# The same answer once more, the chain a level at a time: the index is asked for all of a level at
# once, which takes a third of the time of walking from each to those below it.
BY_LEVELS = """
CREATE OR REPLACE FUNCTION customers_looked_up_for(person bigint) RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    reach text := guard_reach(person);
    today date := guard_day();
    served bigint[];
    level bigint[];
BEGIN
    IF reach IS NULL OR reach NOT IN ('own', 'team') THEN
        RETURN '{}';
    END IF;
    level := ARRAY(
        WITH RECURSIVE colleagues AS (
            SELECT person AS id
            UNION
            SELECT theirs.user_id FROM guard_team_members AS mine
            JOIN guard_team_members AS theirs ON theirs.team_id = mine.team_id
            WHERE mine.user_id = person AND reach = 'team'
        )
        SELECT DISTINCT held.customer_id FROM customers_assignment AS held
        JOIN customers_representative AS who ON who.id = held.representative_id
        JOIN colleagues ON colleagues.id = who.user_id
        WHERE held.starts <= today AND (held.ends IS NULL OR held.ends >= today));
    served := level;
    WHILE cardinality(level) > 0 LOOP
        level := ARRAY(
            SELECT link.downstream_id FROM customers_chainlink AS link
            WHERE link.upstream_id = ANY(level)
              AND (link.valid_from IS NULL OR link.valid_from <= today)
              AND (link.valid_to IS NULL OR link.valid_to >= today)
            EXCEPT SELECT unnest(served));
        served := served || level;
    END LOOP;
    RETURN ARRAY(
        SELECT id FROM (
            SELECT unnest(served)
            EXCEPT SELECT secret.id FROM customers_customer AS secret WHERE confidential
            UNION SELECT customers_granted_to(person, 'open')
        ) AS known (id)
        WHERE id NOT IN (SELECT customers_granted_to(person, 'closed')));
END $$;
"""

# One bit for each id, so that a row is looked up by its place and no table of the ids is made for
# every policy and statement. An id's bit is at ``id # 56``: words of 64 bits, highest byte first.
BITS = """
CREATE FUNCTION customers_as_bits(ids bigint[]) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        WITH words AS MATERIALIZED (
            SELECT id >> 6 AS word, bit_or(1::bigint << (id & 63)::integer) AS bits
            FROM unnest(ids) AS id GROUP BY 1
        )
        SELECT coalesce(string_agg(int8send(coalesce(bits, 0)), ''::bytea ORDER BY word), '')
        FROM generate_series(0, (SELECT max(word) FROM words)) AS word
        LEFT JOIN words USING (word));
END $$;

CREATE FUNCTION customers_known_bits(person bigint) RETURNS bytea
LANGUAGE plpgsql STABLE AS $$
DECLARE
    whose text := person || ':';
    kept text := current_setting('kundenstamm.known_bits', true);
    found bytea;
BEGIN
    IF starts_with(kept, whose) THEN
        RETURN decode(substr(kept, length(whose) + 1), 'hex');
    END IF;
    found := customers_as_bits(CASE
        WHEN starts_with(current_setting('kundenstamm.known', true), whose)
        THEN customers_known_to(person) ELSE customers_looked_up_for(person) END);
    IF current_setting('kundenstamm.actor', true) = person::text THEN
        PERFORM set_config('kundenstamm.known_bits', whose || encode(found, 'hex'), true);
    END IF;
    RETURN found;
END $$;

-- Ids from here on have no bit: nobody of them is known.
CREATE FUNCTION customers_known_below(person bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$ SELECT 8::bigint * octet_length(customers_known_bits(person)) $$;
"""

# How many there are is told by the length of what is kept, without reading it.
COUNTED_BITS = """
CREATE OR REPLACE FUNCTION customers_known_below(person bigint) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
    whose text := person || ':';
    kept text := current_setting('kundenstamm.known_bits', true);
BEGIN
    IF starts_with(kept, whose) THEN
        RETURN 4::bigint * (length(kept) - length(whose));  -- two digits a byte
    END IF;
    RETURN 8::bigint * octet_length(customers_known_bits(person));
END $$;
"""
DECODED_BITS = """
CREATE OR REPLACE FUNCTION customers_known_below(person bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$ SELECT 8::bigint * octet_length(customers_known_bits(person)) $$;
"""

# With the policies that ask them: without a policy a table shows nothing until the wall is put up
# again, as it is after every migration.
NO_BITS = """
DROP FUNCTION customers_known_below(bigint) CASCADE;
DROP FUNCTION customers_known_bits(bigint) CASCADE;
DROP FUNCTION customers_as_bits(bigint[]);
"""

DROP = """
DROP FUNCTION customers_known_to(bigint);
DROP FUNCTION customers_hidden_from(bigint);
DROP FUNCTION customers_granted_to(bigint, text);
DROP FUNCTION guard_reach(bigint);
DROP FUNCTION guard_day();
DROP FUNCTION guard_now();
DROP FUNCTION guard_actor();
"""
