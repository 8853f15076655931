"""Repeating what communities erased after an old backup was made, once that backup has been restored.

Each function spares what is newer than the request. Encrypted fields aren't loaded, so that a damaged name can't
prevent an erasure.
"""

from actions.communities.models import Community
from actions.communities.models.community import HASHES, NOTHING, SECRETS
from campaign.privacy.erasures import Erasure, repeats


@repeats("community")
def erase_again(erasure: Erasure) -> bool:
    """Erase the community again, unless it joined later or has already left; return whether it was still there."""
    still_there = Community.objects.filter(pk=erasure.about, left_at=None, asked_at__lte=erasure.at)
    row = still_there.defer(*SECRETS).first()
    if row is None:
        return False
    row.leave(erasure.at)
    return True


@repeats("community-unnamed")
def stop_naming_again(erasure: Erasure) -> bool:
    """Make the community counted only, unless its naming has changed since; return whether it was to be named.

    Its contact may have chosen another name instead, which the journal doesn't contain; they can enter it again.
    """
    older = Community.objects.filter(pk=erasure.about).unchanged_since("naming_at", erasure.at)
    named = older.filter(visibility=Community.Visibility.LISTED)
    return bool(named.update(visibility=Community.Visibility.COUNT, public_name=""))


@repeats("community-contact")
def erase_contact_again(erasure: Erasure) -> bool:
    """Erase the former contact, unless the contact has changed since; return whether there was one.

    The journal doesn't contain the new contact, so the community has none, and nobody can open its page. It stays
    until organisers erase it or its time is up.
    """
    older = Community.objects.filter(pk=erasure.about).unchanged_since("contact_at", erasure.at)
    held = older.filter(email__isnull=False)
    contact = dict.fromkeys(("email", "contact_name", "contact_role"))
    return bool(held.update(**contact, **dict.fromkeys(HASHES, NOTHING)))
