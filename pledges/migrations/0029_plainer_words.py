"""Say more plainly what the right to find signers allows, and what happens to a statement."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pledges', '0028_right_to_erase_signers'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='pledge',
            options={'ordering': ['order', 'title'], 'permissions': [('find_signer', 'Can look up by e-mail address or mail domain whether somebody has signed a pledge'), ('erase_signers', 'Can erase the signers of a closed pledge, and approve erasures')], 'verbose_name': 'pledge', 'verbose_name_plural': 'pledges'},
        ),
        migrations.AlterField(
            model_name='pledge',
            name='statement',
            field=models.TextField(help_text='Leave an empty line between paragraphs. People put their names to these words: once somebody has signed, changed words become a new wording, with the next number.', max_length=10000, verbose_name='statement'),
        ),
    ]
