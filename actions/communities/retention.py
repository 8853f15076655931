"""How long we keep what communities tell us. We ask the contact before we erase an inactive community."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from actions.communities.models import Community, ContactChange
from campaign.privacy.retention import rule

NOTICE = timedelta(days=30)
MAX_AT_ONCE = 1000


@rule(_("A community that wants to take part, or a new contact, if nobody confirmed by mail"), "PLEDGE_CONFIRM_DAYS")
def delete_unconfirmed(before: datetime) -> int:
    """Delete communities and new contacts that were entered before the given time (aware) and never confirmed."""
    communities, _by_model = Community.objects.filter(confirmed_at=None, asked_at__lt=before).delete()
    contacts, _by_model = ContactChange.objects.filter(asked_at__lt=before).delete()
    return communities + contacts


@rule(_("A community taking part, with its contact, after the contact’s last activity"), "KEEP_COMMUNITIES_DAYS")
def erase_inactive(before: datetime) -> int:
    """Erase communities whose contacts have done nothing since the given time (aware), despite a reminder.

    Contacts whose time will be up within 30 days get one reminder first. Nothing is erased until 30 days after it.
    """
    now = before + timedelta(days=settings.KEEP_COMMUNITIES_DAYS)
    Community.objects.inactive(before + NOTICE).filter(reminded_at=None)[:MAX_AT_ONCE].remind(now)
    return Community.objects.inactive(before).filter(reminded_at__lte=now - NOTICE)[:MAX_AT_ONCE].leave(now)


@rule(
    _("The kind and region of a community that left, which that day’s numbers still include"),
    "KEEP_LEFT_COMMUNITIES_DAYS",
)
def delete_left(before: datetime) -> int:
    """Delete what is left of communities that left before the given time (aware)."""
    count, _by_model = Community.objects.left_before(before).delete()
    return count


@rule(_("The code made from the network used to send a community’s form"), "KEEP_NETWORK_DAYS")
def erase_networks_of_attempts(before: datetime) -> int:
    """Erase the network hashes of attempts to join before the given time (aware)."""
    return Community.objects.filter(tried_at__lt=before).update(network=None, tried_at=None)
