"""Say more plainly what the fields of the plan for communities mean."""


import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0004_find_attempts'),
        ('media', '0002_withdrawn_files'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='contactchange',
            options={'verbose_name': 'new contact for a community', 'verbose_name_plural': 'new contacts for communities'},
        ),
        migrations.AlterModelOptions(
            name='plannedstep',
            options={'ordering': ['pk'], 'verbose_name': 'planned step', 'verbose_name_plural': 'planned steps'},
        ),
        migrations.AlterModelOptions(
            name='report',
            options={'ordering': ['-sent_at'], 'verbose_name': 'report from a community', 'verbose_name_plural': 'reports from communities'},
        ),
        migrations.AlterField(
            model_name='anchordate',
            name='days',
            field=models.PositiveSmallIntegerField(default=1, help_text='How long it lasts, such as 8 for Passover.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(14)], verbose_name='number of days'),
        ),
        migrations.AlterField(
            model_name='anchordate',
            name='hebrew_month',
            field=models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Nisan'), (2, 'Iyar'), (3, 'Sivan'), (4, 'Tammuz'), (5, 'Av'), (6, 'Elul'), (7, 'Tishri'), (8, 'Cheshvan'), (9, 'Kislev'), (10, 'Tevet'), (11, 'Shevat'), (12, 'Adar (Adar II in a leap year)')], help_text='For a Hebrew date.', null=True, verbose_name='Hebrew month'),
        ),
        migrations.AlterField(
            model_name='anchordate',
            name='idea',
            field=models.CharField(blank=True, help_text='A suggestion in one sentence, such as “Hold a letter-writing evening”.', max_length=300, verbose_name='what to do'),
        ),
        migrations.AlterField(
            model_name='anchordate',
            name='month',
            field=models.PositiveSmallIntegerField(blank=True, choices=[(1, 'January'), (2, 'February'), (3, 'March'), (4, 'April'), (5, 'May'), (6, 'June'), (7, 'July'), (8, 'August'), (9, 'September'), (10, 'October'), (11, 'November'), (12, 'December')], help_text='For the same date every year.', null=True, verbose_name='month'),
        ),
        migrations.AlterField(
            model_name='anchordate',
            name='on',
            field=models.DateField(blank=True, help_text='It disappears from the page once it is over.', null=True, verbose_name='single date'),
        ),
        migrations.AlterField(
            model_name='anchordate',
            name='rule',
            field=models.CharField(choices=[('yearly', 'the same date every year'), ('hebrew', 'the same Hebrew date every year'), ('once', 'a single date')], default='yearly', help_text='The site works out the next date itself. A Hebrew date begins the evening before, and the page says so.', max_length=6, verbose_name='kind of date'),
        ),
        migrations.AlterField(
            model_name='material',
            name='picture',
            field=models.ForeignKey(blank=True, help_text='From the media library, such as a notice to print, or a picture to share on social media.', null=True, on_delete=django.db.models.deletion.PROTECT, to='media.picture', verbose_name='picture'),
        ),
        migrations.AlterField(
            model_name='material',
            name='step',
            field=models.ForeignKey(help_text='You can choose a new step here once you have saved the draft.', on_delete=django.db.models.deletion.CASCADE, related_name='+', to='communities.step', verbose_name='for the step'),
        ),
        migrations.AlterField(
            model_name='material',
            name='talk',
            field=models.TextField(blank=True, help_text='The main points of a short talk, instead of a document or a picture.', verbose_name='outline of a talk'),
        ),
        migrations.AlterField(
            model_name='material',
            name='title',
            field=models.CharField(blank=True, help_text='Such as “Notice for your newsletter”. If you leave it blank, a document shows its own title.', max_length=120, verbose_name='title'),
        ),
        migrations.AlterField(
            model_name='plan',
            name='details',
            field=models.TextField(blank=True, help_text='What the plan is for, and which communities can use it. It appears above the steps.', verbose_name='introduction'),
        ),
        migrations.AlterField(
            model_name='step',
            name='details',
            field=models.TextField(help_text='How to go about it, for somebody who has never done it before.', verbose_name='what to do'),
        ),
        migrations.AlterField(
            model_name='step',
            name='takes',
            field=models.CharField(blank=True, help_text='Roughly how long it takes, such as “One evening, and an hour to prepare”.', max_length=80, verbose_name='time needed'),
        ),
    ]
