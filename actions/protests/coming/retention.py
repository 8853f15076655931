"""Retention rules for data about people who are coming to a protest."""

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.protests.models import Attendee, AttendeeCount
from campaign.privacy.retention import rule


@rule(_("Name and address of somebody coming to a protest, after its date"), "KEEP_ATTENDEES_DAYS")
def erase_attendees(before: datetime) -> int:
    """Erase all attendees of dates that ended before the given time (aware), and the dates' published counts."""
    count = Attendee.objects.filter(ends_at__lt=before).erase()
    coming = Attendee.objects.filter(protest=OuterRef("protest"), on=OuterRef("on"))
    AttendeeCount.objects.filter(~Exists(coming), on__lt=timezone.localdate(before)).delete()
    return count


@rule(_("The code made from the network used to send the form about coming to a protest"), "KEEP_NETWORK_DAYS")
def erase_networks(before: datetime) -> int:
    """Erase the network hashes of entries made before the given time (aware)."""
    return Attendee.objects.filter(tried_at__lt=before).update(network=None, tried_at=None)


@rule(_("Name and address of somebody who did not confirm that they are coming to a protest"), "PLEDGE_CONFIRM_DAYS")
def erase_unconfirmed(before: datetime) -> int:
    """Erase unconfirmed entries made before the given time (aware), which nobody can confirm any more."""
    return Attendee.objects.filter(confirmed_at=None, asked_at__lt=before).erase()
