from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('guard', '0004_audit'),
    ]

    operations = [
        migrations.CreateModel(
            name='SealingKey',
            fields=[
                ('name', models.CharField(max_length=12, primary_key=True, serialize=False)),
                ('check_value', models.CharField(max_length=32)),
            ],
        ),
    ]
