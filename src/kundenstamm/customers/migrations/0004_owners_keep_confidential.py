from django.db import migrations


class Migration(migrations.Migration):
    """Until now owners were all there was: they keep what they have seen so far."""

    dependencies = [("customers", "0003_need_to_know")]
    operations = [
        migrations.RunSQL(
            """
            INSERT INTO customers_grant
                (person_id, customer_id, kind, reason, given_by_id, starts_at, is_emergency)
            SELECT person.id, customer.id, 'open', '', person.id, now(), false
            FROM guard_user AS person, customers_customer AS customer
            WHERE person.role = 'owner' AND customer.confidential
            """,
            migrations.RunSQL.noop,
        )
    ]
