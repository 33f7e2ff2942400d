from django.db import migrations, models

from kundenstamm.chain import changes, knowing


class Migration(migrations.Migration):
    """What is expected to stay is stored, too, and confidential customers are in no stored figure.

    What stands there is reckoned anew. Who knows all behind a customer is asked in another way.
    """

    dependencies = [("chain", "0001_tables")]
    operations = [
        migrations.AddIndex(
            "standing",
            models.Index(
                condition=models.Q(direct__gt=0), fields=["customer"], include=["closed"],
                name="chain_supplying",
            ),
        ),
        migrations.RunSQL("DELETE FROM chain_reckoning", migrations.RunSQL.noop),
        migrations.AddField(
            "standing", "kept", models.FloatField(default=0), preserve_default=False
        ),
        migrations.RunSQL(
            "DROP FUNCTION IF EXISTS chain_served_by(bigint, bigint[], date)",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(knowing.DROP, knowing.CREATE),
        migrations.RunSQL(knowing.CREATE_APART, knowing.DROP_APART),
        migrations.RunSQL(changes.CREATE_LEAVING, changes.DROP_LEAVING),
    ]
