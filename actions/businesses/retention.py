"""How long a company's contact address is kept."""

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.businesses.models import Brand, Entry, Kind, Notice
from campaign.privacy.retention import rule


@rule(_("The contact address of a company, after the last entry about it"), "KEEP_COMPANY_CONTACTS_DAYS")
def erase_contacts(before: datetime) -> int:
    """Erase contacts set before the given time (aware) if the brand has no later entry and no deadline ahead.

    Once a notice is that old, the address that it was mailed to is erased too.
    """
    entries = Entry.objects.filter(brand=OuterRef("pk"))
    recent = entries.filter(recorded_at__gte=before).exclude(kind=Kind.LISTING)
    coming = entries.filter(kind=Kind.DEADLINE, until__gte=timezone.localdate())
    idle = Brand.objects.filter(contact_set_at__lt=before).exclude(Exists(recent)).exclude(Exists(coming))
    notices = Notice.objects.exclude(recipient=None).filter(made_at__lt=before)
    return idle.update(contact=None, contact_set_at=None) + notices.update(recipient=None)
