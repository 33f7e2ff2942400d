from django.db import migrations

from kundenstamm.customers import need_to_know


class Migration(migrations.Migration):

    dependencies = [("customers", "0013_merging")]
    operations = [
        migrations.RunSQL(need_to_know.LOOK_UP, need_to_know.CHAIN_FOR_GOOD),
        migrations.RunSQL(need_to_know.BITS, need_to_know.NO_BITS),
    ]
