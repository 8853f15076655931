"""Repeating erasures after an old backup has been restored."""

from django.db import transaction
from django.db.models import Q

from campaign.mail.models import SuppressedAddress
from campaign.privacy.erasures import Erasure
from pledges.models import Pledge, Signature, SignatureQuerySet
from pledges.models.personal_data import SECRETS


@transaction.atomic
def replay(erasure: Erasure) -> bool:
    """Erase what is there of the one who asked and was there when they asked; return whether there was anything."""
    if erasure.what == "closed":
        return _replay_closing(erasure)
    forgotten = (
        erasure.what == "never" and SuppressedAddress.objects.get_or_create(address_hash=erasure.address_hash)[1]
    )
    found = to_erase_again(erasure).select_related("pledge").first()
    if found:
        _repeat(found, erasure)
    return forgotten or found is not None


def _replay_closing(erasure: Erasure) -> bool:
    """Erase the signers of a pledge that had closed by then; return whether any were known."""
    pledge = Pledge.objects.filter(pk=erasure.about, closes_at__lte=erasure.at).first()
    if pledge is None or not pledge.signatures.known().exists():
        return False
    pledge.erase_signers()
    return True


def to_erase_again(erasure: Erasure) -> SignatureQuerySet:
    """Return the signature that the erasure was about, unchanged since; leave people who have signed again alone.

    Encrypted fields are left out, so that a damaged name can't prevent its own signature from being withdrawn.
    """
    same = Signature.objects.filter(
        pledge_id=erasure.about, email_hash=erasure.address_hash, confirmation_sent_at__lte=erasure.at
    )
    done = {
        "withdraw": Q(state="withdrawn"),
        "never": ~Q(state="pending"),
        "private": ~Q(visibility="public") | Q(state="withdrawn"),
        "count": Q(visibility="count") | Q(state="withdrawn"),
    }
    return same.exclude(done[erasure.what]).defer(*SECRETS)


def _repeat(signature: Signature, erasure: Erasure) -> None:
    """Do again what its signer had asked for before an old backup was restored."""
    if erasure.what == "withdraw":
        signature.withdraw()
    elif erasure.what == "never":
        signature.suppress(erasure.address_hash)
    elif signature.state == Signature.State.PENDING:
        signature.visibility = erasure.what
        signature.save(update_fields=["visibility"])
    elif signature.visibility != erasure.what:
        signature.change(
            erasure.what, name=signature.name or "", display=signature.display, town="", updates=signature.updates
        )
