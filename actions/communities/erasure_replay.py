"""Repeating the erasure of communities that had left, after an old backup has been restored."""

from actions.communities.models import Community
from actions.communities.models.community import SECRETS
from campaign.privacy.erasures import Erasure, repeats


@repeats("community")
def erase_again(erasure: Erasure) -> bool:
    """Erase the community again, unless it joined later or has already left; return whether it was still there.

    Encrypted fields aren't loaded, so that a damaged name can't prevent the erasure.
    """
    still_there = Community.objects.filter(pk=erasure.about, left_at=None, asked_at__lte=erasure.at)
    row = still_there.defer(*SECRETS).first()
    if row is None:
        return False
    row.leave(erasure.at)
    return True
