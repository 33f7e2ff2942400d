from django.db import migrations

from kundenstamm.customers import prospecting


class Migration(migrations.Migration):

    dependencies = [("customers", "0011_chain_by_day")]
    operations = [migrations.RunSQL(prospecting.CREATE, prospecting.DROP)]
