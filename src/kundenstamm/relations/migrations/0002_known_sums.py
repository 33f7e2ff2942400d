from django.db import migrations

from kundenstamm.relations import known_sums


class Migration(migrations.Migration):
    dependencies = [("relations", "0001_tables")]
    operations = [migrations.RunSQL(known_sums.CREATE, known_sums.DROP)]
