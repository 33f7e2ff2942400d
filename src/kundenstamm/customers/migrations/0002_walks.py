import django.db.models.deletion
from django.db import migrations, models

from kundenstamm.customers import need_to_know

_ENDS = {"upstream": "downstream_links", "downstream": "upstream_links"}


def _end(name: str, related: str) -> migrations.AlterField:
    field = models.ForeignKey(
        "customers.customer", django.db.models.deletion.CASCADE, related_name=related,
        db_index=False,
    )  # fmt: skip
    return migrations.AlterField("chainlink", name, field)


def _walk(name: str, upper: str, lower: str) -> migrations.AddIndex:
    told = (lower, "valid_from", "valid_to")
    return migrations.AddIndex("chainlink", models.Index(fields=[upper], include=told, name=name))


class Migration(migrations.Migration):
    """Who is known, and who stands behind whom, is told without a look into the tables."""

    dependencies = [("customers", "0001_tables")]
    operations = [
        migrations.RunSQL(need_to_know.BY_LEVELS, need_to_know.LOOK_UP),
        migrations.RunSQL(need_to_know.COUNTED_BITS, need_to_know.DECODED_BITS),
        *(_end(*each) for each in _ENDS.items()),
        _walk("chain_down", "upstream", "downstream"),
        _walk("chain_up", "downstream", "upstream"),
        migrations.AddIndex(
            "customer",
            models.Index(
                condition=models.Q(withdrawn=True), fields=["id"], name="customer_withdrawn"
            ),
        ),
    ]
