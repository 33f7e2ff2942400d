import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0008_by_channel'),
        ('decisions', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RepairPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('rung', models.CharField(choices=[('price', 'Higher prices'), ('minimum_order', 'Minimum order'), ('service', 'Less service'), ('dealer', 'Supply by a dealer'), ('let_go', 'Let go')], max_length=20, verbose_name='Rung')),
                ('size', models.DecimalField(decimal_places=4, max_digits=18)),
                ('starts_on', models.DateField(verbose_name='Takes effect on')),
                ('reason', models.CharField(max_length=300, verbose_name='Reason')),
                ('as_of', models.DateField()),
                ('figures', models.JSONField(default=dict)),
                ('letter_de', models.TextField(blank=True, max_length=8000, verbose_name='Letter, German')),
                ('letter_en', models.TextField(blank=True, max_length=8000, verbose_name='Letter, English')),
                ('chosen_at', models.DateTimeField(verbose_name='Chosen at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='Ended at')),
                ('end_reason', models.CharField(blank=True, max_length=300, verbose_name='Reason of the end')),
                ('chosen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='repair_plans', to='customers.customer')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('customer',), name='one_repair_plan_at_a_time', violation_error_message='A plan is running already. End it first.'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='repair_plan_ended_by_somebody'), models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('chosen_at')), _connector='OR'), name='repair_plan_ends_after_choice'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='repair_plan_has_a_reason')],
            },
        ),
    ]
