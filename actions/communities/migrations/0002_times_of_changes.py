"""Record when the naming and the contact of a community last changed, so that a repeated erasure spares newer ones."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("communities", "0001_plans_and_communities")]

    operations = [
        migrations.AddField("community", "naming_at", models.DateTimeField(null=True, editable=False)),
        migrations.AddField("community", "contact_at", models.DateTimeField(null=True, editable=False)),
    ]
