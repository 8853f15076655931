import actions.fundraising.models.appeals
import django.core.validators

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fundraising', '0007_notices'),
    ]

    operations = [
        migrations.AddField(
            model_name='appeal',
            name='is_checked',
            field=models.BooleanField(db_default=False, default=False, help_text='Tick this once you have opened the link and compared all three. Until then, visitors see the text without a link. If you change one of the three, check and tick again.', verbose_name='link, name and organiser are checked'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='name_there',
            field=models.CharField(blank=True, db_default='', default='', help_text='Word for word, so that donors can compare.', max_length=150, verbose_name='what the appeal is called on its own page'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='organiser',
            field=models.CharField(blank=True, db_default='', default='', help_text='The organiser’s name, as the appeal’s own page gives it. Leave it empty if you don’t know.', max_length=150, verbose_name='who runs the appeal'),
        ),
        migrations.AlterField(
            model_name='appeal',
            name='url',
            field=models.URLField(max_length=500, validators=[django.core.validators.URLValidator(schemes=['https']), actions.fundraising.models.appeals.allowed_host, actions.fundraising.models.appeals.one_appeal], verbose_name='link'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('is_checked', False), models.Q(models.Q(('name_there', ''), _negated=True), models.Q(('organiser', ''), _negated=True)), _connector='OR'), name='checked_appeals_name_their_organiser', violation_error_message='Enter the appeal’s name and its organiser before you tick this.'),
        ),
    ]
