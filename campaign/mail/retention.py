"""How long the outbox remembers."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from campaign.mail.models import Message
from campaign.mail.rate_limit import RateLimit
from campaign.privacy.retention import rule


@rule(_("That a message was sent (not its text, not to whom)"), "KEEP_MESSAGES_DAYS")
def delete_done(before: datetime) -> int:
    """Delete messages that were finished before then (aware)."""
    count, _by_model = Message.objects.filter(done_at__lt=before).delete()
    return count


@rule(_("How many messages were sent to an address, under a code made from it"), "KEEP_RATE_LIMITS_DAYS")
def delete_allowances(before: datetime) -> int:
    """Delete what was counted for days that began before then (aware)."""
    count, _by_model = RateLimit.objects.filter(since__lt=before).delete()
    return count
