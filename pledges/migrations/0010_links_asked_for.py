import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pledges', '0009_exports'),
    ]

    # Links live for a day; those that there are would lack what the new ones have. Who misses one asks again.
    operations = [
        migrations.RunSQL('DELETE FROM pledges_managelink', 'DELETE FROM pledges_managelink'),
        migrations.AddField(
            model_name='managelink',
            name='pledge',
            field=models.ForeignKey(default=0, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pledges.pledge'),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='managelink',
            name='signature',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='links', to='pledges.signature'),
        ),
    ]
