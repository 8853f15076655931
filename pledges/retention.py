"""How long we keep what signers tell us."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.privacy.models import DailyKey
from campaign.privacy.retention import RULES, Rule, rule
from pledges.models import Activity, LostMailbox, ManageLink, Signature


@rule(_("A signature that was not confirmed"), "PLEDGE_CONFIRM_DAYS")
def delete_stale(before: datetime) -> int:
    """Delete pending signatures whose message was sent before then (aware), so that nobody can confirm them now."""
    count, _by_model = Signature.objects.filter(
        state="pending", in_published_count=False, confirmation_sent_at__lt=before
    ).delete()
    return count


@rule(_("The code made from the network used to sign a pledge"), "KEEP_NETWORK_DAYS")
def erase_networks(before: datetime) -> int:
    """Erase the network hash of signatures made before then (aware)."""
    return Signature.objects.exclude(network=None).filter(signed_at__lt=before).update(network=None)


@rule(_("The key used to make that code"), "KEEP_DAILY_KEYS_DAYS")
def destroy_daily_keys(before: datetime) -> int:
    """Destroy the keys of days up to then (aware)."""
    count, _by_model = DailyKey.objects.filter(day__lte=timezone.localdate(before)).delete()
    return count


@rule(
    _("How many signatures were confirmed in a day from one network, domain or type of address"), "KEEP_ACTIVITY_DAYS"
)
def delete_activity(before: datetime) -> int:
    """Delete the counters of days up to then (aware)."""
    count, _by_model = Activity.objects.filter(day__lte=timezone.localdate(before)).delete()
    return count


@rule(_("A link to change or withdraw a signature, with the address that asked for it"), "KEEP_LINKS_DAYS")
def delete_old_links(before: datetime) -> int:
    """Delete links made before then (aware)."""
    count, _by_model = ManageLink.objects.filter(created_at__lt=before).delete()
    return count


@rule(_("A request to withdraw a signature, by somebody who has lost their mailbox"), "KEEP_LOST_MAILBOX_DAYS")
def delete_lost_mailboxes(before: datetime) -> int:
    """Delete requests received before then (aware), whether or not organisers have dealt with them."""
    count, _by_model = LostMailbox.objects.filter(asked_at__lt=before).delete()
    return count


# `pledges.approvals.closing` erases them, and `pledges.tasks` prompts for it 14 days ahead.
AFTER_CLOSING = Rule(
    _("Names, addresses and all other personal data, after the pledge has closed and two organisers have agreed"),
    "KEEP_AFTER_CLOSE_DAYS",
)
RULES.append(AFTER_CLOSING)
