from django.db import migrations, models

# Until now it was the first in the organisers' order.
KEEP_THE_FIRST = """
UPDATE pledges_pledge SET on_home_page = true WHERE id = (
    SELECT id FROM pledges_pledge WHERE published ORDER BY "order", title LIMIT 1
)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('pledges', '0012_exports_are_approved_like_other_acts'),
    ]

    operations = [
        migrations.AddField(
            model_name='pledge',
            name='on_home_page',
            field=models.BooleanField(default=False, help_text='Only one pledge at a time: this replaces the current one.', verbose_name='shown on the home page'),
        ),
        migrations.RunSQL(KEEP_THE_FIRST, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.UniqueConstraint(condition=models.Q(('on_home_page', True)), fields=('on_home_page',), name='one_pledge_on_the_home_page'),
        ),
    ]
