from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('guard', '0005_sealing_keys'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='shortcuts',
            field=models.BooleanField(default=True, verbose_name='Shortcuts by single keys'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(
                condition=models.Q(('kind', 'read'), ('what', 'customer')),
                fields=['actor', 'id'], name='audit_of_opened',
            ),
        ),
    ]
