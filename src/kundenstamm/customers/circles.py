"""Nobody supplies himself by a detour: the database refuses the link that would close a circle.

Two links that are made at once see nothing of each other, so those who change the chain take turns
until they commit. Said once, as database functions; migrations run this text. Circles count on the
days on which all their links hold: who once supplied somebody may be supplied by them later.
"""

from __future__ import annotations

CONSTRAINT = "chain_without_circle"

CREATE = """
CREATE FUNCTION customers_take_turns_at_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('kundenstamm chain'));
    RETURN NULL;
END $$;

-- As the tables' owner: a circle is one whoever may see its links.
CREATE FUNCTION customers_refuse_circles() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (
        WITH RECURSIVE below AS (
            SELECT upstream_id AS top, downstream_id AS id,
                   daterange(valid_from, valid_to, '[]') AS days
            FROM fresh
            UNION
            SELECT below.top, link.downstream_id,
                   below.days * daterange(link.valid_from, link.valid_to, '[]')
            FROM below JOIN customers_chainlink AS link ON link.upstream_id = below.id
            WHERE below.id <> below.top
              AND below.days && daterange(link.valid_from, link.valid_to, '[]')
        )
        SELECT FROM below WHERE id = top
    ) THEN
        RAISE EXCEPTION 'A chain cannot lead back to itself.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'chain_without_circle';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER chain_turns BEFORE INSERT OR UPDATE ON customers_chainlink
FOR EACH STATEMENT EXECUTE FUNCTION customers_take_turns_at_chain();
CREATE TRIGGER chain_circles_made AFTER INSERT ON customers_chainlink
REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION customers_refuse_circles();
CREATE TRIGGER chain_circles_moved AFTER UPDATE ON customers_chainlink
REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION customers_refuse_circles();
"""

DROP = """
DROP TRIGGER chain_circles_moved ON customers_chainlink;
DROP TRIGGER chain_circles_made ON customers_chainlink;
DROP TRIGGER chain_turns ON customers_chainlink;
DROP FUNCTION customers_refuse_circles();
DROP FUNCTION customers_take_turns_at_chain();
"""
