import campaign.privacy.encrypted_field
from django.db import migrations


class Migration(migrations.Migration):
    """Signers type the name that is shown. `display` stays in the table for one release, for the code of the last one."""

    dependencies = [("pledges", "0002_sign_and_resend_by_functions")]

    operations = [
        migrations.AddField("signature", "shown_name", campaign.privacy.encrypted_field.EncryptedTextField("name to show")),
        migrations.RunSQL(
            "ALTER TABLE pledges_signature ALTER COLUMN display SET DEFAULT 'full'",
            "ALTER TABLE pledges_signature ALTER COLUMN display DROP DEFAULT",
        ),
    ]
