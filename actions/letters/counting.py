"""The published counts of letters by constituency, which move in steps large enough to give nobody away."""

from datetime import datetime

from actions.letters.models import SentCount
from campaign.periodic import runs_regularly


@runs_regularly
def publish_sent_counts(now: datetime) -> int:
    """Bring the published counts of every letter that is due up to date; return how many changed."""
    return SentCount.objects.publish()
