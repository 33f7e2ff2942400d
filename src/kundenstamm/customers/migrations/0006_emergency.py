from django.db import migrations

from kundenstamm.customers import emergency


class Migration(migrations.Migration):

    dependencies = [("customers", "0005_remember_known"), ("guard", "0004_audit")]
    operations = [migrations.RunSQL(emergency.CREATE, emergency.DROP)]
