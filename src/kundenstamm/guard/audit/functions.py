"""The database functions that write the audit, defined once, here; migrations run this text.

Entries are made by functions with the owner's rights, which take actor, request, channel and
address from the transaction. The site's log-in can neither write to the tables itself nor change
what stands there. The time is the database's own.
"""

from __future__ import annotations

from kundenstamm.guard.rights import RIGHTS, Right

_READERS = ", ".join(f"'{role.value}'" for role in RIGHTS if Right.AUDIT in RIGHTS[role])

CREATE = """
-- Entries that are not sealed yet. A list of its own, since entries never change, and those of a
-- long transaction appear among numbers that have long been sealed.
CREATE TABLE guard_unsealed (entry bigint PRIMARY KEY);

CREATE FUNCTION audit_note(
    kind text, what text, rows bigint[], customers bigint[], detail jsonb
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH made AS (
        INSERT INTO guard_auditentry
            (at, kind, what, actor, request, channel, address, rows, customers, detail)
        VALUES (
            clock_timestamp(), audit_note.kind, left(audit_note.what, 60),
            nullif(nullif(current_setting('kundenstamm.actor', true), ''), '0')::bigint,
            coalesce(current_setting('kundenstamm.request', true), ''),
            coalesce(current_setting('kundenstamm.channel', true), ''),
            coalesce(current_setting('kundenstamm.address', true), ''),
            coalesce(audit_note.rows, '{}'), coalesce(audit_note.customers, '{}'),
            coalesce(audit_note.detail, '{}'))
        RETURNING id
    )
    INSERT INTO guard_unsealed SELECT id FROM made
$$;

CREATE FUNCTION audit_text(number bigint, entry guard_auditentry) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN jsonb_build_array(
    number, entry.id, (extract(epoch FROM entry.at) * 1000000)::bigint, entry.kind, entry.what,
    entry.actor, entry.request, entry.channel, entry.address, to_jsonb(entry.rows),
    to_jsonb(entry.customers), entry.detail)::text;

CREATE FUNCTION audit_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is append-only, so there is no %', lower(TG_OP)
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON guard_auditentry
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_rewriting();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON guard_auditlink
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_rewriting();
"""

DROP = """
DROP TRIGGER audit_append_only ON guard_auditlink;
DROP TRIGGER audit_append_only ON guard_auditentry;
DROP FUNCTION audit_refuse_rewriting();
DROP FUNCTION audit_text(bigint, guard_auditentry);
DROP FUNCTION audit_note(text, text, bigint[], bigint[], jsonb);
DROP TABLE guard_unsealed;
"""

# Everybody may know what they themselves have opened, and nothing else of the audit. Of a person
# who opens pages all day long, the last few hundred are enough to find ten customers.
OPENED = """
CREATE FUNCTION audit_opened_last(at_most integer) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT customer FROM (
        SELECT customer, max(id) AS latest FROM (
            SELECT id, coalesce((detail ->> 'of')::bigint, customers[1]) AS customer
            FROM guard_auditentry
            WHERE actor = guard_actor() AND kind = 'read' AND what = 'customer'
              AND (detail ? 'of' OR cardinality(customers) = 1)
            ORDER BY id DESC LIMIT 300
        ) AS opened GROUP BY customer
    ) AS once ORDER BY latest DESC LIMIT at_most
$$;
"""
FORGET_OPENED = "DROP FUNCTION audit_opened_last(integer)"

# Which of some customers they have opened since a moment: who takes over ticks off by reading.
OPENED_SINCE = """
CREATE FUNCTION audit_opened_since(wanted bigint[], since timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT DISTINCT customer FROM (
        SELECT coalesce((detail ->> 'of')::bigint, customers[1]) AS customer
        FROM guard_auditentry
        WHERE actor = guard_actor() AND kind = 'read' AND what = 'customer' AND at >= since
          AND (detail ? 'of' OR cardinality(customers) = 1)
    ) AS opened WHERE customer = ANY(wanted)
$$;
"""
FORGET_OPENED_SINCE = "DROP FUNCTION audit_opened_since(bigint[], timestamptz)"

# Of roles, so it changes with the table of rights: put up with the wall, after every migration.
MAY_READ = f"""
CREATE OR REPLACE FUNCTION guard_reads_audit(person bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (
        SELECT FROM guard_user WHERE id = person AND is_active AND role IN ({_READERS}))
$$
"""  # noqa: S608
