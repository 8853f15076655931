import django.db.models.deletion
from django.db import migrations, models

import campaign.pages.position


class Migration(migrations.Migration):
    """Organisers write the texts that signers can send, and choose the tag of the links in them."""

    dependencies = [
        ('pledges', '0034_what_became_of_demands'),
        ('tags', '0001_tags'),
    ]

    operations = [
        migrations.AddField(
            model_name='pledge',
            name='share_tag',
            field=models.ForeignKey(blank=True, help_text='Signatures that come from links shared by visitors are counted under this tag. It is the same for everybody.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tags.tag', verbose_name='tag for shared links'),
        ),
        migrations.CreateModel(
            name='ShareText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(help_text='As a signer would write to a friend, in up to 280 characters, without the link. Visitors can choose from the first three. Write at least one that doesn’t say that its sender has signed.', max_length=280, verbose_name='text')),
                ('order', campaign.pages.position.PositionField(blank=True, default=None, help_text='The lowest number comes first. Leave it blank to put this last.', verbose_name='position in the list', whole='pledge')),
                ('pledge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='share_texts', to='pledges.pledge')),
            ],
            options={
                'verbose_name': 'text to share',
                'verbose_name_plural': 'texts to share',
                'ordering': ['order', 'pk'],
            },
        ),
    ]
