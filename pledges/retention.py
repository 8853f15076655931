"""How long signatures that nobody confirmed are kept."""

from datetime import datetime

from campaign.privacy.retention import rule
from pledges.models import Signature


@rule("signatures never confirmed")
def delete_stale(now: datetime) -> int:
    """Delete signatures that can no longer be confirmed."""
    count, _by_model = Signature.objects.stale(now).delete()
    return count
