from django.db import migrations

from kundenstamm.customers import need_to_know


class Migration(migrations.Migration):

    dependencies = [("customers", "0004_owners_keep_confidential")]
    operations = [
        migrations.RunSQL(need_to_know.COMPANY_DAY, migrations.RunSQL.noop),
        migrations.RunSQL(need_to_know.REMEMBER, need_to_know.FORGET),
    ]
