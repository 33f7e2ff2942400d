from django.db import migrations

from kundenstamm.customers import prospecting


class Migration(migrations.Migration):

    dependencies = [("customers", "0010_contact_roles")]
    operations = [migrations.RunSQL(prospecting.CREATE, prospecting.DROP)]
