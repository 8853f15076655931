"""Mention the plan for communities in the label of cards."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0018_communities_after_the_call'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='embed',
            options={'verbose_name': 'card of a pledge, letter, protest, appeal, brand or plan', 'verbose_name_plural': 'cards of pledges, letters, protests, appeals, brands and plans'},
        ),
    ]
