from django.db import migrations

from kundenstamm.customers import search_functions


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]
    operations = [migrations.RunSQL(search_functions.MATCHING, search_functions.DROP_MATCHING)]
