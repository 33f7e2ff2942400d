from django.db import migrations

from kundenstamm.pursuits import hands


class Migration(migrations.Migration):

    dependencies = [("pursuits", "0001_initial"), ("customers", "0012_prospects")]
    operations = [migrations.RunSQL(hands.CREATE, hands.DROP)]
