"""Let organisers put updates, growth, a quotation, a map and partners on the home page."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0023_cards_of_updates'),
    ]

    operations = [
        migrations.AlterField(
            model_name='homesection',
            name='heading',
            field=models.CharField(blank=True, help_text='Leave it blank for the usual heading. Letters, the protest, funds, appeals, the call to businesses and the plan for communities share one heading if they follow one another. A quotation needs no heading.', max_length=90, verbose_name='heading'),
        ),
        migrations.AlterField(
            model_name='homesection',
            name='kind',
            field=models.CharField(choices=[('pledge', 'what the pledge asks for'), ('updates', 'the latest updates'), ('next_protest', 'the next protest'), ('letters', 'letters to write'), ('appeals', 'appeals'), ('funds', 'funds to donate to'), ('call', 'the call to businesses'), ('communities', 'the plan for communities'), ('growth', 'how the count has grown'), ('quotation', 'a quotation'), ('map', 'the map of signatures'), ('about', 'about you'), ('names', 'the latest to sign'), ('partners', 'partners')], help_text='What the section shows. It is left out while there is nothing to show: if there are no letters, for instance.', max_length=12, verbose_name='section'),
        ),
    ]
