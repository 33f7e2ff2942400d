from django.db import migrations

from kundenstamm.departures import confiding, watching


class Migration(migrations.Migration):

    dependencies = [("departures", "0001_initial"), ("guard", "0006_shortcuts_and_opened")]
    operations = [
        migrations.RunSQL(confiding.CREATE, confiding.DROP),
        migrations.RunSQL(watching.CREATE, watching.DROP),
    ]
