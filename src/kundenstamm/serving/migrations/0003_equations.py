"""Time equations get a day from which they hold; those that are there hold from the beginning."""

from datetime import date

import django.db.models.deletion
from django.db import migrations, models

from kundenstamm.serving import changes

# Nothing is lost: every type gets one equation, and its drivers become that one's.
MOVE = """
INSERT INTO serving_equation (type_id, valid_from, base_minutes)
SELECT id, DATE '1900-01-01', base_minutes FROM serving_activitytype;
UPDATE serving_driver AS driver SET equation_id = equation.id
FROM serving_equation AS equation WHERE equation.type_id = driver.type_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""
# The table of a type's columns is about to change under a function that compares them.
FORGET = "DROP FUNCTION IF EXISTS serving_activitytype_months() CASCADE;"


class Migration(migrations.Migration):

    dependencies = [
        ('serving', '0002_month_changes'),
    ]

    operations = [
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name='activitytype', name='base_minutes_not_negative'),
        migrations.CreateModel(
            name='Equation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(default=date(1900, 1, 1), verbose_name='Valid from')),
                ('base_minutes', models.DecimalField(decimal_places=3, max_digits=12, verbose_name='Base minutes')),
                ('type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='equations', to='serving.activitytype')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('type', 'valid_from'), name='one_equation_per_day'), models.CheckConstraint(condition=models.Q(('base_minutes__gte', 0)), name='base_minutes_not_negative', violation_error_message='The minutes are negative. Enter nil or more.')],
            },
        ),
        migrations.RemoveConstraint(model_name='driver', name='driver_once'),
        migrations.AddField(
            model_name='driver',
            name='equation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='drivers', to='serving.equation'),
        ),
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='driver',
            name='equation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drivers', to='serving.equation'),
        ),
        migrations.RemoveField(model_name='driver', name='type'),
        migrations.RemoveField(model_name='activitytype', name='base_minutes'),
        migrations.AddConstraint(
            model_name='driver',
            constraint=models.UniqueConstraint(fields=('equation', 'name'), name='driver_once'),
        ),
        migrations.RunSQL(changes.create(changes.EQUATIONS), changes.drop(changes.EQUATIONS)),
    ]
