import json

from django.db import migrations

from kundenstamm.guard import normalising
from kundenstamm.guard.sealed import Place, blind_index, opened, seal

TABLE, BATCH = "customers_contact", 2_000
NORMALISE = {"email": normalising.mail, "phone": normalising.phone}


def seal_images(apps, schema_editor):
    """What an undo puts back must open there; of a contact that is gone nothing is put back."""

    def sealed(before, key):
        if key is None:
            return {"name": before.get("name", "")}
        changed = before | {"key": str(key)}
        for column, normalise in NORMALISE.items():
            if text := before.get(column, ""):
                changed[column] = seal(text, Place(TABLE, column, key))
                changed[f"{column}_index"] = blind_index(normalise(text), TABLE, column)
            else:
                changed[f"{column}_index"] = ""
        return changed

    _rewrite(schema_editor.connection, sealed)


def open_images(apps, schema_editor):
    def plain(before, _key):
        changed = {"name": before.get("name", "")}
        for column in NORMALISE:
            text = before.get(column, "")
            place = Place(TABLE, column, before.get("key", ""))
            changed[column] = opened(text, place) if text else ""
        return changed

    _rewrite(schema_editor.connection, plain)


def _rewrite(connection, change):
    after = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT change.id, change.before, contact.key FROM importers_rowchange AS change "
                "LEFT JOIN customers_contact AS contact ON contact.id = change.row "
                "WHERE change.id > %s AND change.\"table\" = %s AND change.before IS NOT NULL "
                "ORDER BY change.id LIMIT %s",
                [after, TABLE, BATCH],
            )
            rows = cursor.fetchall()
            if not rows:
                return
            after = rows[-1][0]
            changed = [(pk, json.dumps(change(_data(before), key))) for pk, before, key in rows]
            cursor.execute(
                "UPDATE importers_rowchange AS old SET before = new.before::jsonb "
                "FROM unnest(%s::bigint[], %s::text[]) AS new (id, before) WHERE old.id = new.id",
                [list(column) for column in zip(*changed)],
            )


def _data(before):
    return json.loads(before) if isinstance(before, str) else before


class Migration(migrations.Migration):
    dependencies = [("importers", "0001_initial"), ("customers", "0007_sealed_contacts")]
    operations = [migrations.RunPython(seal_images, open_images)]
