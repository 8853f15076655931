from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pledges', '0013_one_pledge_on_the_home_page'),
    ]

    operations = [
        migrations.AlterField(
            model_name='pledge',
            name='closes_at',
            field=models.DateTimeField(blank=True, help_text='Nobody can sign after this. Some months later, the names and addresses of signers are erased.', null=True, verbose_name='closes'),
        ),
        migrations.AlterField(
            model_name='pledge',
            name='published',
            field=models.BooleanField(default=False, help_text='Visitors see it only if this is ticked.', verbose_name='published'),
        ),
        migrations.AlterField(
            model_name='sweep',
            name='state',
            field=models.CharField(choices=[('draft', 'not started'), ('asked', 'waiting for a second organiser'), ('running', 'running'), ('stopped', 'stopped'), ('done', 'done'), ('undoing', 'being undone'), ('undone', 'undone')], default='draft', editable=False, max_length=8, verbose_name='progress'),
        ),
    ]
