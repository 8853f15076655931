import actions.letters.placeholders
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='ask',
            name='other_wordings',
            field=models.TextField(blank=True, help_text='The same in other words, one wording on each line. Each writer gets one, so that letters differ.', max_length=4000, validators=[actions.letters.placeholders.check], verbose_name='other wordings'),
        ),
        migrations.AddField(
            model_name='point',
            name='other_wordings',
            field=models.TextField(blank=True, help_text='The same in other words, one wording on each line. Each writer gets one, so that letters differ.', max_length=4000, validators=[actions.letters.placeholders.check], verbose_name='other wordings'),
        ),
        migrations.AlterField(
            model_name='point',
            name='text',
            field=models.TextField(help_text='One short sentence: the rest of the letter is for the writer.', max_length=1000, validators=[actions.letters.placeholders.check], verbose_name='text in the letter'),
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('opening', 'opening'), ('closing', 'closing')], max_length=7, verbose_name='part')),
                ('text', models.TextField(help_text='The whole of it: from “Dear …” for an opening, down to the name for a closing.', max_length=2000, validators=[actions.letters.placeholders.check], verbose_name='text')),
                ('order', models.PositiveIntegerField(default=0, verbose_name='order')),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wordings', to='letters.letter')),
            ],
            options={
                'verbose_name': 'other opening or closing',
                'verbose_name_plural': 'other openings and closings',
                'ordering': ['order', 'pk'],
            },
        ),
    ]
