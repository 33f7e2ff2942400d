import uuid

from django.db import migrations, models
from django.utils import timezone

from kundenstamm.guard import keys, normalising
from kundenstamm.guard.sealed import Place, blind_index, opened, seal

TABLE, BATCH = "customers_contact", 2_000
NORMALISE = {"email": normalising.mail, "phone": normalising.phone}

KEY = """
ALTER TABLE customers_contact ADD COLUMN key uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE customers_contact ALTER COLUMN key DROP DEFAULT;
ALTER TABLE customers_contact ADD CONSTRAINT customers_contact_key_key UNIQUE (key);
"""
SEALED = r"^k[1-9][0-9]*\.[A-Za-z0-9_-]+$"


def seal_contacts(apps, schema_editor):
    _rewrite(schema_editor.connection, _sealed)


def open_contacts(apps, schema_editor):
    _rewrite(schema_editor.connection, _opened)


def _sealed(key, column, text):
    normal = NORMALISE[column](text)
    index = blind_index(normal, TABLE, column) if normal else ""
    return seal(text, Place(TABLE, column, key)), index


def _opened(key, column, text):
    return opened(text, Place(TABLE, column, key)), ""


def _rewrite(connection, change):
    """Every mail address and phone changed, in batches; the ring is made where there is one."""
    after = 0
    with connection.cursor() as cursor:
        # A check put off until the end would stand in the way of the indexes that follow.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        while True:
            cursor.execute(
                f"SELECT id, key, email, phone FROM {TABLE} "
                "WHERE id > %s AND (email <> '' OR phone <> '') ORDER BY id LIMIT %s",
                [after, BATCH],
            )
            rows = cursor.fetchall()
            if not rows:
                return
            if not after:
                keys.prepare(at=timezone.now())
            after = rows[-1][0]
            changed = [
                (pk, *_changed(change, key, "email", email), *_changed(change, key, "phone", phone))
                for pk, key, email, phone in rows
            ]
            cursor.execute(
                f"UPDATE {TABLE} AS old SET email = new.email, email_index = new.email_index, "
                "phone = new.phone, phone_index = new.phone_index FROM unnest(%s::bigint[], "
                "%s::text[], %s::text[], %s::text[], %s::text[]) "
                "AS new (id, email, email_index, phone, phone_index) WHERE old.id = new.id",
                [list(column) for column in zip(*changed)],
            )


def _changed(change, key, column, text):
    return change(key, column, text) if text else ("", "")


class Migration(migrations.Migration):
    """Mail addresses and phones are sealed; taken back, they are plain again."""

    dependencies = [("customers", "0006_emergency"), ("guard", "0005_sealing_keys")]
    operations = [
        migrations.RunSQL(
            KEY,
            "ALTER TABLE customers_contact DROP COLUMN key",
            state_operations=[
                migrations.AddField(
                    "contact",
                    "key",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                )
            ],
        ),
        migrations.AlterField("contact", "email", models.TextField("Mail address", blank=True)),
        migrations.AlterField("contact", "phone", models.TextField("Phone", blank=True)),
        migrations.AddField(
            "contact",
            "email_index",
            models.CharField(blank=True, max_length=40, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "contact",
            "phone_index",
            models.CharField(blank=True, max_length=40, default=""),
            preserve_default=False,
        ),
        migrations.RunPython(seal_contacts, open_contacts),
        migrations.AddIndex("contact", models.Index(fields=["email_index"], name="contact_by_email")),
        migrations.AddIndex("contact", models.Index(fields=["phone_index"], name="contact_by_phone")),
        migrations.AddConstraint(
            "contact",
            models.CheckConstraint(
                condition=models.Q(email="") | models.Q(email__regex=SEALED),
                name="contact_email_is_sealed",
            ),
        ),
        migrations.AddConstraint(
            "contact",
            models.CheckConstraint(
                condition=models.Q(phone="") | models.Q(phone__regex=SEALED),
                name="contact_phone_is_sealed",
            ),
        ),
    ]
