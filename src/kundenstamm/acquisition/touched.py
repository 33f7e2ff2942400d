"""That something was noted which may change how a customer came is told by triggers.

One statement for each statement that wrote, and rows are only added; who looks at them deletes
those that it has seen. Migrations run this.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import Q

# What is said of a customer, and what one of us did that may have won it.
TABLES = ("acquisition_touch", "acquisition_origin", "care_interaction")
# Of interactions: a visit, a call that reached somebody, a mail; not what came from them.
CONTACTS = (
    Q(kind="visit") | Q(kind="call", direction="we", reached=True) | Q(kind="mail", direction="we")
)

_CREATE = """
CREATE FUNCTION acquisition_note_touched() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    INSERT INTO acquisition_touched (customer_id) SELECT DISTINCT customer_id FROM changed;
    RETURN NULL;
END $$;

CREATE FUNCTION acquisition_note_both() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    INSERT INTO acquisition_touched (customer_id)
    SELECT customer_id FROM earlier UNION SELECT customer_id FROM later;
    RETURN NULL;
END $$;

CREATE FUNCTION acquisition_note_customer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    INSERT INTO acquisition_touched (customer_id) VALUES (NEW.id);
    RETURN NULL;
END $$;

CREATE TRIGGER acquisition_withdrawn AFTER UPDATE OF withdrawn ON customers_customer
FOR EACH ROW WHEN (OLD.withdrawn IS DISTINCT FROM NEW.withdrawn)
EXECUTE FUNCTION acquisition_note_customer();
"""
_TRIGGERS = """
CREATE TRIGGER acquisition_new AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION acquisition_note_touched();
CREATE TRIGGER acquisition_gone AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION acquisition_note_touched();
CREATE TRIGGER acquisition_changed AFTER UPDATE ON {table}
REFERENCING OLD TABLE AS earlier NEW TABLE AS later
FOR EACH STATEMENT EXECUTE FUNCTION acquisition_note_both();
"""
CREATE = "".join([_CREATE, *(_TRIGGERS.format(table=table) for table in TABLES)])

_GONE = """
DROP TRIGGER acquisition_new ON {table};
DROP TRIGGER acquisition_gone ON {table};
DROP TRIGGER acquisition_changed ON {table};
"""
DROP = "".join(
    [
        *(_GONE.format(table=table) for table in TABLES),
        "DROP TRIGGER acquisition_withdrawn ON customers_customer;"
        "DROP FUNCTION acquisition_note_touched(); DROP FUNCTION acquisition_note_both();"
        "DROP FUNCTION acquisition_note_customer();",
    ]
)


def take() -> list[int]:
    """Whom something was noted of, once each; told once: the rows go."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM acquisition_touched RETURNING customer_id")
        return sorted({customer for (customer,) in cursor.fetchall()})
