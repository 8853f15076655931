"""Retention rules for records of organisers' sign-ins and lost phones."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import LostPhone, NewBrowser
from campaign.privacy.retention import rule


@rule(_("The kind of browser that an organiser signed in with, if it was new"), "KEEP_NEW_BROWSERS_DAYS")
def delete_new_browsers(before: datetime) -> int:
    """Delete records of sign-ins before the given time (aware); return how many."""
    count, _by_model = NewBrowser.objects.filter(signed_in_at__lt=before).delete()
    return count


@rule(_("An organiser’s report of a lost phone that no owner has acted on"), "KEEP_LOST_PHONES_DAYS")
def delete_lost_phones(before: datetime) -> int:
    """Delete reports made before the given time (aware); return how many."""
    count, _by_model = LostPhone.objects.filter(asked_at__lt=before).delete()
    return count
