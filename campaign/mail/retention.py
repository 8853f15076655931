"""How long the outbox remembers."""

from datetime import datetime, timedelta

from campaign.mail.models import Message
from campaign.privacy.retention import rule

KEEP_DONE = timedelta(days=30)


@rule("messages sent or given up")
def delete_done(now: datetime) -> int:
    """Delete messages that were finished 30 days ago."""
    count, _by_model = Message.objects.filter(done_at__lt=now - KEEP_DONE).delete()
    return count
