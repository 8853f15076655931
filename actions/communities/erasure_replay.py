"""Erasures of communities' data, repeated after an old backup has been restored.

No function erases anything newer than the first erasure. None loads an encrypted field, so a damaged name can't prevent
an erasure.
"""

from actions.communities.models import Community
from actions.communities.models.community_queryset import HASHES, RANDOM_HASH, SECRETS
from campaign.privacy.erasures import Erasure, repeats


@repeats("community")
def erase_again(erasure: Erasure) -> bool:
    """Erase the community again, unless it joined later or has already left; return whether it had to be erased."""
    still_there = Community.objects.filter(pk=erasure.about, left_at=None, asked_at__lte=erasure.at)
    row = still_there.defer(*SECRETS).first()
    if row is None:
        return False
    row.leave(erasure.at)
    return True


@repeats("community-unnamed")
def stop_naming_again(erasure: Erasure) -> bool:
    """Make the community counted only, unless its naming has changed since; return whether it was named.

    The contact may have chosen another name, which the journal doesn't contain. They can enter it again.
    """
    older = Community.objects.filter(pk=erasure.about).unchanged_since("naming_at", erasure.at)
    named = older.filter(visibility=Community.Visibility.LISTED)
    return bool(named.update(visibility=Community.Visibility.COUNT, public_name=""))


@repeats("community-contact")
def erase_contact_again(erasure: Erasure) -> bool:
    """Erase the former contact, unless the contact has changed since; return whether the backup contained any.

    The journal doesn't contain the new contact, so the community has none, and nobody can open its page. It is kept
    until organisers erase it, or it has been inactive for too long.
    """
    older = Community.objects.filter(pk=erasure.about).unchanged_since("contact_at", erasure.at)
    contacts = older.filter(email__isnull=False)
    contact = dict.fromkeys(("email", "contact_name", "contact_role"))
    return bool(contacts.update(**contact, **dict.fromkeys(HASHES, RANDOM_HASH)))
