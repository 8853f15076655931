"""Give complaints the field names that complaints about brands have. The table stays as it is.

During an upgrade, the previous release continues to read and add complaints.
"""

import django.utils.timezone
from django.db import migrations, models

import campaign.privacy.encrypted_field


class Migration(migrations.Migration):
    dependencies = [("communities", "0006_find_left")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex("complaint", "complaints_open"),
                migrations.AlterModelOptions(
                    "complaint",
                    {
                        "ordering": ["-asked_at"],
                        "verbose_name": "complaint about an entry",
                        "verbose_name_plural": "complaints about entries",
                    },
                ),
                migrations.RenameField("complaint", "text", "words"),
                migrations.RenameField("complaint", "sent_at", "asked_at"),
                migrations.RenameField("complaint", "closed_at", "answered_at"),
                migrations.AlterField(
                    "complaint",
                    "words",
                    campaign.privacy.encrypted_field.EncryptedTextField(
                        blank=True, db_column="text", null=True, verbose_name="what is wrong"
                    ),
                ),
                migrations.AlterField(
                    "complaint",
                    "email",
                    campaign.privacy.encrypted_field.EncryptedTextField(
                        blank=True, null=True, verbose_name="e-mail address"
                    ),
                ),
                migrations.AlterField(
                    "complaint",
                    "asked_at",
                    models.DateTimeField(
                        db_column="sent_at",
                        db_index=True,
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="received",
                    ),
                ),
                migrations.AlterField(
                    "complaint",
                    "answered_at",
                    models.DateTimeField(
                        db_column="closed_at", editable=False, null=True, verbose_name="answered"
                    ),
                ),
                migrations.AddIndex(
                    "complaint",
                    models.Index(fields=["asked_at"], condition=models.Q(answered_at=None), name="complaints_open"),
                ),
            ]
        )
    ]
