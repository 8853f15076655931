"""How long we keep complaints about entries."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from campaign.complaints.models import complaint_models
from campaign.privacy.retention import rule


@rule(_("The code made from the network used to send a complaint about an entry"), "KEEP_NETWORK_DAYS")
def erase_networks(before: datetime) -> int:
    """Erase the network hashes of complaints received before the given time (aware)."""
    old = [model.objects.exclude(network=None).filter(asked_at__lt=before) for model in complaint_models()]
    return sum(rows.update(network=None) for rows in old)


@rule(_("A complaint about an entry"), "KEEP_COMPLAINTS_DAYS")
def delete_complaints(before: datetime) -> int:
    """Delete complaints received before the given time (aware), whether or not organisers have answered them."""
    return sum(model.objects.filter(asked_at__lt=before).delete()[0] for model in complaint_models())
