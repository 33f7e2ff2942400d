import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kundenstamm.acquisition import known_sums

_CLEAR = [
    f"DELETE FROM acquisition_{table}" for table in ("channelmonth", "channelage", "growing")
]


def _of_a_circle(table: str, key: list[str], name: str) -> list[migrations.operations.base.Operation]:
    circle = models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+",
        to="acquisition.circle",
    )  # fmt: skip
    return [
        migrations.RemoveConstraint(table, name),
        migrations.AddField(table, "circle", circle),
        migrations.AddConstraint(
            table, models.UniqueConstraint(fields=["circle", *key], name=name)
        ),
    ]


class Migration(migrations.Migration):
    """Sums are stored for each circle of readers; what stands there is worked out anew."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("acquisition", "0001_tables"),
    ]
    operations = [
        migrations.RunSQL(_CLEAR, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Circle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("customers", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("prospects", models.IntegerField(default=0)),
                ("person", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person",), name="circle_of_a_person_once", nulls_distinct=False)],
            },
        ),
        *_of_a_circle("channelage", ["way", "channel", "year", "month"], "channel_age_once"),
        *_of_a_circle("channelmonth", ["way", "channel", "month"], "channel_month_once"),
        migrations.RemoveField("growing", "left_out"),
        migrations.RemoveField("growing", "prospects"),
        migrations.RunSQL(known_sums.CREATE, known_sums.DROP),
        migrations.RunSQL(migrations.RunSQL.noop, _CLEAR),
    ]
