from django.db import migrations


class Migration(migrations.Migration):
    """The view shows its reader's rows, not its owner's."""

    dependencies = [("ledger", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER VIEW ledger_line SET (security_invoker = true)",
            "ALTER VIEW ledger_line RESET (security_invoker)",
        )
    ]
