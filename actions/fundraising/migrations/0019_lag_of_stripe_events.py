from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fundraising', '0018_hints_about_approval'),
    ]

    operations = [
        migrations.AddField(
            model_name='stripeevent',
            name='lag',
            field=models.PositiveIntegerField(null=True, verbose_name='seconds that it took to reach us'),
        ),
    ]
