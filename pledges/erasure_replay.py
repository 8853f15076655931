"""Repeating erasures after an old backup has been restored."""

from django.db import transaction
from django.db.models import Q

from campaign.mail.models import SuppressedAddress
from campaign.privacy.erasures import REPEATERS, Erasure
from pledges.models import Pledge, Reason, Signature, SignatureQuerySet
from pledges.models.signatures.personal_data import NEVER_STORED, SECRETS


@transaction.atomic
def replay(erasure: Erasure) -> bool:
    """Repeat one erasure, but spare anything newer than the request. Return whether anything changed."""
    if erasure.what in REPEATERS:
        return REPEATERS[erasure.what](erasure)
    if erasure.what == "closed":
        return _replay_closing(erasure)
    if erasure.what == "reason":
        return _replay_reason(erasure)
    if erasure.what == "reason-refused":
        return _replay_refusal(erasure)
    suppressed = (
        erasure.what == "never" and SuppressedAddress.objects.get_or_create(address_hash=erasure.address_hash)[1]
    )
    signature = _still_to_erase(erasure).select_related("pledge").first()
    if signature:
        _repeat(signature, erasure)
    return suppressed or signature is not None


def _replay_closing(erasure: Erasure) -> bool:
    """Erase a pledge's signers if it had closed by then. Return whether we still knew any."""
    pledge = Pledge.objects.filter(pk=erasure.about, closes_at__lte=erasure.at).first()
    if pledge is None or not pledge.signatures.known().exists():
        return False
    pledge.erase_signers()
    return True


def _replay_reason(erasure: Erasure) -> bool:
    """Delete a reason that its signer had removed or replaced by then. Return whether there was one."""
    reasons = Reason.objects.filter(pledge_id=erasure.about, signature__email_hash=erasure.address_hash)
    count, _by_model = reasons.filter(written_at__lte=erasure.at).delete()
    return count > 0


def _replay_refusal(erasure: Erasure) -> bool:
    """Refuse a reason again, unless it was written or approved later; return whether that changed anything."""
    reasons = Reason.objects.filter(pledge_id=erasure.about, signature__email_hash=erasure.address_hash)
    decided = Q(decided_at=None) | Q(decided_at__lte=erasure.at)
    older = reasons.filter(decided, written_at__lte=erasure.at).exclude(state=Reason.State.REFUSED)
    return bool(older.update(state=Reason.State.REFUSED, decided_at=erasure.at))


def _still_to_erase(erasure: Erasure) -> SignatureQuerySet:
    """Return the signature if it still needs erasing. Leave out people who have signed again since.

    Encrypted fields aren't loaded, so that a damaged name can't stop its signature from being withdrawn.
    """
    signatures = Signature.objects.filter(
        pledge_id=erasure.about, email_hash=erasure.address_hash, confirmation_sent_at__lte=erasure.at
    )
    done = {
        "withdraw": Q(state="withdrawn"),
        "never": ~Q(state="pending"),
        "private": ~Q(visibility="public") | Q(state="withdrawn"),
        "count": Q(visibility="count") | Q(state="withdrawn"),
    }
    return signatures.exclude(done[erasure.what]).defer(*SECRETS)


def _repeat(signature: Signature, erasure: Erasure) -> None:
    """Repeat what the signer asked for after the backup was made."""
    if erasure.what == "withdraw":
        signature.withdraw()
    elif erasure.what == "never":
        signature.suppress(erasure.address_hash)
    elif signature.state == Signature.State.PENDING:
        forgotten = NEVER_STORED if erasure.what == Signature.Visibility.COUNT else {}
        Signature.objects.filter(pk=signature.pk).update(visibility=erasure.what, **forgotten)
    elif signature.visibility != erasure.what:
        signature.change(erasure.what, name=signature.name or "", shown_name="", town="", updates=signature.updates)
