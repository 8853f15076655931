"""Sealing, 48 hours after they signed, what the public list doesn't show of its signers (docs/adr/0026).

The worker of `publish_counts` does it, because nobody waits for it. A name that its signer changes later is sealed in
the next turn.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from nacl.public import PublicKey

from campaign.periodic import runs_regularly
from campaign.privacy.crypto import DecryptionError
from campaign.privacy.sealing import seal
from campaign.sealing.models import key_in_use
from pledges.models import Signature
from pledges.models.signatures.personal_data import BOXES
from pledges.models.signatures.states import TO_SEAL

CLEAR_FOR = timedelta(hours=48)
BATCH = 500
MAX_LEFT = 5000
log = logging.getLogger(__name__)


@runs_regularly
def seal_due(now: datetime) -> int:
    """Seal the oldest 500 signatures that are due at `now` (aware), if there is a tested key. Return how many."""
    key = key_in_use()
    if key is None:
        return 0
    due = Signature.objects.filter(TO_SEAL, signed_at__lte=now - CLEAR_FOR).order_by("signed_at").values_list("pk")
    left: set[UUID] = set()
    while len(left) < MAX_LEFT and (chosen := {pk for (pk,) in due.exclude(pk__in=left)[:BATCH]}):
        sealed = seal_all(chosen, key)
        if sealed:
            return len(sealed)
        left |= chosen
    return 0


@transaction.atomic
def seal_all(chosen: set[UUID], key: PublicKey) -> set[UUID]:
    """Seal these signatures, except those that somebody is changing. Return the keys of all that were sealed."""
    sealed, damaged = set(), 0
    for pk in sorted(chosen):
        try:
            found = Signature.objects.select_for_update(skip_locked=True).filter(TO_SEAL, pk=pk).first()
        except DecryptionError:
            damaged += 1
        else:
            sealed |= {pk} if found and Signature.objects.filter(pk=pk).update(**dict(changes(found, key))) else set()
    if damaged:
        log.error("%s signatures can't be decrypted, so they can't be sealed.", damaged)
    return sealed


def changes(signature: Signature, key: PublicKey) -> Iterator[tuple[str, Any]]:
    """Yield the new value of each column that sealing a signature changes."""
    for box, fields in BOXES.items():
        hidden = [field for field in fields if is_hidden(signature, field)]
        values = {field: text for field in hidden if (text := getattr(signature, field))}
        if values:
            yield box, seal(values, key)
        yield from ((field, None) for field in fields if field in hidden or getattr(signature, field) == "")
        if "name" in hidden:
            yield "name_hash", None  # with the server's keys, a name can be guessed from it


def is_hidden(signature: Signature, field: str) -> bool:
    """Return whether nobody but the organisers may read this field, and the site doesn't need it any more."""
    if field == "email":
        return not signature.updates and signature.state != signature.State.PENDING
    if signature.visibility != signature.Visibility.PUBLIC:
        return True
    is_organisation = signature.kind == signature.Kind.ORGANISATION
    return field == "name" and bool(is_organisation or signature.shown_name)
