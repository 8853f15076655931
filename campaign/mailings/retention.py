"""How long we keep organisers' requests for tests, and the deliveries of mailings."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from campaign.mailings.models import Delivery, Mailing, TestMessage
from campaign.privacy.retention import rule


@rule(_("Which organiser sent themselves a mailing as a test"), "KEEP_ACTIVITY_DAYS")
def delete_tests(before: datetime) -> int:
    """Delete tests requested before the given time (aware)."""
    count, _by_model = TestMessage.objects.filter(asked_at__lt=before).delete()
    return count


@rule(
    _("Who was sent which mailing, stored under a code made from the address, and whether it arrived"),
    "KEEP_DELIVERIES_DAYS",
)
def erase_deliveries(before: datetime) -> int:
    """Erase the deliveries of mailings that have sent nothing since the given time (aware). Keep their totals.

    A mailing that has been waiting for that long is stopped.
    """
    mine = Delivery.objects.filter(mailing=OuterRef("pk"))
    old = Mailing.objects.filter(Exists(mine), ~Exists(mine.filter(claimed_at__gte=before)), started_at__lt=before)
    return sum(_erase(mailing) for mailing in old)


@transaction.atomic
def _erase(mailing: Mailing) -> int:
    mailing.stop(None)
    Mailing.objects.filter(pk=mailing.pk).update(totals=mailing.counted())
    count, _by_model = mailing.deliveries.all().delete()
    return count
