"""Say more plainly what the right to redact entries allows."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0003_move_admin_log'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='auditentry',
            options={'default_permissions': ('view',), 'ordering': ['-pk'], 'permissions': [('redact_auditentry', 'Can redact an entry of the audit log, and approve redactions')], 'verbose_name': 'entry of the audit log', 'verbose_name_plural': 'audit log'},
        ),
    ]
