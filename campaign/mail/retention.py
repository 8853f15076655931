"""Retention rules for the outbox."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from campaign.mail.models import Message, SuppressedAddress
from campaign.mail.rate_limit import RateLimit
from campaign.privacy.retention import rule


@rule(_("That a message was sent (neither its text nor its recipient)"), "KEEP_MESSAGES_DAYS")
def delete_done(before: datetime) -> int:
    """Delete messages that were finished before the given time (aware)."""
    count, _by_model = Message.objects.filter(done_at__lt=before).delete()
    return count


@rule(_("How many messages were sent to an address, stored under a code made from it"), "KEEP_RATE_LIMITS_DAYS")
def delete_rate_limits(before: datetime) -> int:
    """Delete the counts of days that began before the given time (aware)."""
    count, _by_model = RateLimit.objects.filter(since__lt=before).delete()
    return count


@rule(
    _("Records that messages to an address bounced or were marked as spam, stored under a code made from the address"),
    "KEEP_BOUNCES_DAYS",
)
def delete_bounces(before: datetime) -> int:
    """Delete the addresses suppressed before the given time (aware), but keep those whose owners asked us."""
    count, _by_model = SuppressedAddress.objects.temporary().filter(since__lt=before.date()).delete()
    return count
