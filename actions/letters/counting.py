"""Publishing the counts of sent letters by constituency. They move in steps large enough to give nobody away."""

from datetime import datetime

from actions.letters.models import SentCount
from campaign.periodic import runs_regularly


@runs_regularly
def publish_sent_counts(now: datetime) -> int:
    """Publish the counts of every letter that is due. Return how many counts changed."""
    return SentCount.objects.publish()
