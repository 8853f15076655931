import campaign.pages.sources
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """Organisers say what became of each demand, and record milestones."""

    dependencies = [
        ('media', '0003_plainer_words'),
        ('pledges', '0033_sign_with_tag'),
    ]

    operations = [
        migrations.CreateModel(
            name='DemandEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(default=django.utils.timezone.localdate, help_text='The day on which it happened, not the day on which you write.', verbose_name='day')),
                ('words', models.CharField(help_text='A sentence or two that the source supports, such as “The minister replied that …”', max_length=300, verbose_name='what happened')),
                ('source', models.CharField(help_text='Who published it, its title, and its number if it has one.', max_length=300, verbose_name='source')),
                ('url', models.URLField(blank=True, help_text='The address of the document itself. Leave it blank if the document has none.', max_length=500, validators=[django.core.validators.URLValidator(schemes=['https']), campaign.pages.sources.a_document], verbose_name='link to the source')),
                ('status', models.CharField(choices=[('asked', 'Asked'), ('answered', 'Answered'), ('partly', 'Partly met'), ('met', 'Met'), ('refused', 'Refused')], default='asked', help_text='The demand’s status from that day on. Visitors see it in words beside the demand.', max_length=8, verbose_name='status')),
                ('demand', models.ForeignKey(help_text='Save a new demand before you say what became of it. Deleting a demand deletes its entries.', on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pledges.demand', verbose_name='demand')),
                ('pledge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='pledges.pledge')),
            ],
            options={
                'verbose_name': 'entry about a demand',
                'verbose_name_plural': 'what became of the demands',
                'ordering': ['-day', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Milestone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(default=django.utils.timezone.localdate, help_text='The day on which it happened, not the day on which you write.', verbose_name='day')),
                ('words', models.CharField(help_text='A sentence or two that the source supports, such as “The minister replied that …”', max_length=300, verbose_name='what happened')),
                ('source', models.CharField(help_text='Who published it, its title, and its number if it has one.', max_length=300, verbose_name='source')),
                ('url', models.URLField(blank=True, help_text='The address of the document itself. Leave it blank if the document has none.', max_length=500, validators=[django.core.validators.URLValidator(schemes=['https']), campaign.pages.sources.a_document], verbose_name='link to the source')),
                ('kind', models.CharField(choices=[('delivered', 'Delivered'), ('answered', 'Answered'), ('other', 'Another milestone')], default='delivered', help_text='Name the person or body that received the pledge, or that answered.', max_length=9, verbose_name='kind')),
                ('picture', models.ForeignKey(blank=True, help_text='From the media library. Show only people who have agreed to be seen. You can leave it blank.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='milestones', to='media.picture', verbose_name='picture')),
                ('pledge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='pledges.pledge')),
            ],
            options={
                'verbose_name': 'milestone',
                'verbose_name_plural': 'milestones',
                'ordering': ['-day', '-pk'],
            },
        ),
    ]
