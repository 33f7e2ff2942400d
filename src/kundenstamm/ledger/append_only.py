"""The table itself refuses what would rewrite history; migrations run this text."""

CREATE = """
CREATE FUNCTION ledger_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: post a reversal instead of %', lower(TG_OP)
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger_entry
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_rewriting();
"""

DROP = """
DROP TRIGGER ledger_append_only ON ledger_entry;
DROP FUNCTION ledger_refuse_rewriting();
"""
