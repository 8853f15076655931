"""How long we keep what communities tell us. A contact is asked before the entry is erased for inactivity."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from actions.communities.models import Community, ContactChange
from actions.communities.models.community import REMINDER, SECRETS
from campaign.privacy.retention import rule

NOTICE = timedelta(days=30)
MAX_AT_ONCE = 1000


@rule(_("A community that wants to take part, or a new contact, if nobody confirmed by mail"), "PLEDGE_CONFIRM_DAYS")
def delete_unconfirmed(before: datetime) -> int:
    """Delete communities and new contacts that were entered before then (aware) and never confirmed."""
    communities, _by_model = Community.objects.filter(confirmed_at=None, asked_at__lt=before).delete()
    contacts, _by_model = ContactChange.objects.filter(asked_at__lt=before).delete()
    return communities + contacts


@rule(_("A community that takes part, with its contact, after the contact’s last activity"), "KEEP_COMMUNITIES_DAYS")
def erase_inactive(before: datetime) -> int:
    """Erase communities whose contacts have done nothing since then (aware), and were asked at least 30 days ago."""
    now = before + timedelta(days=settings.KEEP_COMMUNITIES_DAYS)
    remind(now)
    inactive = Community.objects.inactive(before).filter(reminded_at__lte=now - NOTICE)
    rows = list(inactive.defer(*SECRETS)[:MAX_AT_ONCE])
    for row in rows:
        row.leave(now)
    return len(rows)


@rule(
    _("The kind and region of a community that left, which that day’s numbers still include"),
    "KEEP_LEFT_COMMUNITIES_DAYS",
)
def delete_left(before: datetime) -> int:
    """Delete the remains of communities that left before then (aware)."""
    count, _by_model = Community.objects.filter(left_at__lt=before).delete()
    return count


@rule(_("The code made from the network that a community’s form came from"), "KEEP_NETWORK_DAYS")
def erase_networks_of_attempts(before: datetime) -> int:
    """Erase the network hash of attempts to join before then (aware)."""
    return Community.objects.filter(tried_at__lt=before).update(network=None, tried_at=None)


def remind(now: datetime) -> None:
    """Ask each contact once, when the entry will be erased within 30 days of `now` (aware)."""
    soon = now + NOTICE - timedelta(days=settings.KEEP_COMMUNITIES_DAYS)
    for row in Community.objects.inactive(soon).filter(reminded_at=None).defer(*SECRETS)[:MAX_AT_ONCE]:
        if Community.objects.filter(pk=row.pk, reminded_at=None).update(reminded_at=now):
            row.queue(REMINDER, now)
