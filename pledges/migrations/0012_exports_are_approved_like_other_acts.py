import django.db.models.deletion
from django.db import migrations, models

# Exports requested before this have no approval request: request them again.
NO_EXPORTS = "DELETE FROM pledges_export"


class Migration(migrations.Migration):

    dependencies = [
        ('approvals', '0001_approval_requests'),
        ('pledges', '0011_few_signatures_have_the_same_hash'),
    ]

    operations = [
        migrations.RunSQL(NO_EXPORTS, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name='export',
            name='two_organisers_for_an_export',
        ),
        migrations.RemoveField(
            model_name='export',
            name='approved_at',
        ),
        migrations.RemoveField(
            model_name='export',
            name='approved_by',
        ),
        migrations.RemoveField(
            model_name='export',
            name='asked_at',
        ),
        migrations.RemoveField(
            model_name='export',
            name='asked_by',
        ),
        migrations.RemoveField(
            model_name='export',
            name='reason',
        ),
        migrations.AddField(
            model_name='export',
            name='approval',
            field=models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='approvals.approvalrequest', verbose_name='approval'),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, NO_EXPORTS),
    ]
