"""How long signatures that nobody confirmed are kept."""

from datetime import datetime

from campaign.privacy.retention import rule
from pledges.links import LINK_LIFE, ManageLink
from pledges.models import Signature


@rule("signatures never confirmed")
def delete_stale(now: datetime) -> int:
    """Delete signatures that can no longer be confirmed."""
    count, _by_model = Signature.objects.stale(now).delete()
    return count


@rule("links to manage a signature")
def delete_old_links(now: datetime) -> int:
    """Delete links that no longer open anything, with the addresses that asked for them."""
    count, _by_model = ManageLink.objects.filter(created_at__lt=now - LINK_LIFE).delete()
    return count
