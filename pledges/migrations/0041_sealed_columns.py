import campaign.privacy.sealed_field
from django.db import migrations


class Migration(migrations.Migration):
    """Make room for boxes sealed to the organisers' key. Without such a key, the columns stay empty."""

    dependencies = [("pledges", "0040_find_signers_who_want_news")]

    operations = [
        migrations.AddField("signature", name, campaign.privacy.sealed_field.SealedField(verbose_name=label))
        for name, label in (
            ("sealed_name", "sealed name"),
            ("sealed_organisation", "sealed organisation"),
            ("sealed_email", "sealed e-mail address"),
        )
    ]
