from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0015_ask_many'),
    ]

    operations = [
        migrations.AlterField(
            model_name='bulkact',
            name='kind',
            field=models.CharField(choices=[('star', 'Star'), ('unstar', 'Take the star away'), ('hand_over', 'Hand over'), ('region', 'Set the region'), ('confidential', 'Keep confidential'), ('lift', 'No longer confidential'), ('ask', 'Ask how satisfied'), ('campaign', 'Note a campaign')], max_length=12, verbose_name='What'),
        ),
    ]
