"""How long we keep what an organiser's sign-in leaves behind."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import LostPhone, NewBrowser
from campaign.privacy.retention import rule


@rule(_("Which kind of browser an organiser signed in with, if it was new"), "KEEP_NEW_BROWSERS_DAYS")
def delete_new_browsers(before: datetime) -> int:
    """Delete those of sign-ins before the given time (aware)."""
    count, _by_model = NewBrowser.objects.filter(signed_in_at__lt=before).delete()
    return count


@rule(_("That an organiser has lost their phone, if no owner has acted on it"), "KEEP_LOST_PHONES_DAYS")
def delete_lost_phones(before: datetime) -> int:
    """Delete what was reported before the given time (aware)."""
    count, _by_model = LostPhone.objects.filter(asked_at__lt=before).delete()
    return count
