"""Say more plainly what sections and cards are, and mention the plan for communities."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0018_communities_after_the_call'),
    ]

    operations = [
        migrations.AlterField(
            model_name='homesection',
            name='kind',
            field=models.CharField(choices=[('pledge', 'what the pledge asks for'), ('letters', 'letters to write'), ('next_protest', 'the next protest'), ('funds', 'funds to donate to'), ('appeals', 'appeals'), ('call', 'the call to businesses'), ('communities', 'the plan for communities'), ('about', 'about you'), ('names', 'the latest to sign')], help_text='What the section shows. While there is nothing to show, for instance no letters, it is left out.', max_length=12, verbose_name='section'),
        ),
        migrations.AlterModelOptions(
            name='embed',
            options={'verbose_name': 'card of a pledge, letter, protest, appeal, brand or plan', 'verbose_name_plural': 'cards of pledges, letters, protests, appeals, brands and plans'},
        ),
    ]
