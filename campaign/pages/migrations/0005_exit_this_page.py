from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0004_translations_of_a_page'),
    ]

    operations = [
        migrations.AddField(
            model_name='page',
            name='exit_link',
            field=models.BooleanField(default=False, help_text='For pages that could endanger a reader if somebody else saw them.', verbose_name='show “Exit this page”'),
        ),
    ]
