"""Stripe's fee for each payment and the payout that contains it, read nightly from Stripe."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fundraising", "0002_right_to_find_people_by_address")]

    operations = [
        migrations.AddField(
            "payment", "stripe_fee_pence", models.PositiveIntegerField(null=True, verbose_name="Stripe’s fee in pence")
        ),
        migrations.AddField(
            "payment",
            "payout_id",
            models.CharField(blank=True, db_default="", default="", max_length=255, verbose_name="Stripe’s ID of the payout"),
        ),
        migrations.AddField(
            "payment", "paid_out_on", models.DateField(null=True, verbose_name="date of the payout")
        ),
    ]
