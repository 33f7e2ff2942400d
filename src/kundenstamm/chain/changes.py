"""That links or reports have changed is noted by triggers, whoever writes; migrations run this.

One row a statement, only ever added, so nobody waits for anybody; and counted rather than dated, so
that a change which was committed late is not overlooked. Of customers one row for each that is
hidden from all or shown again.
"""

from __future__ import annotations

TABLES = ("customers_chainlink", "chain_sellthrough")

_CREATE = """
CREATE FUNCTION chain_note_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    INSERT INTO chain_change (at) VALUES (guard_now());
    RETURN NULL;
END $$;
"""
_TRIGGER = """
CREATE TRIGGER chain_change AFTER INSERT OR UPDATE OR DELETE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION chain_note_change();
"""
CREATE = "".join([_CREATE, *(_TRIGGER.format(table=table) for table in TABLES)])

# Whoever becomes confidential or is withdrawn leaves all sums, and comes back into them.
CREATE_LEAVING = """
CREATE TRIGGER chain_change AFTER UPDATE OF confidential, withdrawn ON customers_customer
FOR EACH ROW WHEN ((OLD.confidential, OLD.withdrawn) IS DISTINCT FROM
                   (NEW.confidential, NEW.withdrawn))
EXECUTE FUNCTION chain_note_change();
"""
DROP_LEAVING = "DROP TRIGGER chain_change ON customers_customer;"

_GONE = "DROP TRIGGER chain_change ON {table};"
DROP = "".join([*(_GONE.format(table=t) for t in TABLES), "DROP FUNCTION chain_note_change();"])
