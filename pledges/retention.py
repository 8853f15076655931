"""How long signatures that nobody confirmed are kept."""

from datetime import datetime

from django.utils import timezone

from campaign.privacy.models import DailyKey
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


@rule("suspected signatures that nobody decided about")
def delete_undecided(now: datetime) -> int:
    """Delete signatures that have been suspected for KEEP_SUSPECTED_DAYS."""
    count, _by_model = Signature.objects.undecided(now).delete()
    return count


@rule("networks that signatures came from")
def forget_networks(now: datetime) -> int:
    """Erase the hash of the network KEEP_NETWORK_DAYS after the signing."""
    return Signature.objects.with_old_network(now).update(network=None)


@rule("keys of days gone by")
def destroy_daily_keys(now: datetime) -> int:
    """Destroy the keys that networks were hashed with before today."""
    count, _by_model = DailyKey.objects.filter(day__lt=timezone.localdate(now)).delete()
    return count
