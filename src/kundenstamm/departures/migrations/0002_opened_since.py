from django.db import migrations

from kundenstamm.guard.audit import functions


class Migration(migrations.Migration):
    """No table changes: a function by which people know what they themselves have opened."""

    dependencies = [("departures", "0001_tables")]
    operations = [migrations.RunSQL(functions.OPENED_SINCE, functions.FORGET_OPENED_SINCE)]
