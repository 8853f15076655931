import django.core.validators
from django.db import migrations, models


def clear_unusable_details(apps, schema_editor):
    """Empty what lists wrote in place of an address or a page, such as "No email found": it blocks the admin's form."""
    recipients = apps.get_model("letters", "Recipient").objects
    recipients.exclude(email="").exclude(email__regex=r"^[^\s@]+@[^\s@]+$").update(email="")
    recipients.exclude(page_url="").exclude(page_url__regex=r"^https?://[^\s]+$").update(page_url="")


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0004_removed_recipients'),
    ]

    operations = [
        migrations.AlterField(
            model_name='recipient',
            name='page_url',
            field=models.URLField(blank=True, max_length=300, validators=[django.core.validators.URLValidator(schemes=['http', 'https'])], verbose_name='page'),
        ),
        migrations.RunPython(clear_unusable_details, migrations.RunPython.noop),
    ]
