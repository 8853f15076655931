"""Two people who share a mailbox: each address signs once, and may then add one more person.

The second signature's hash is made from the first one's, so that one index still stops a third. No message is needed
to confirm it: only somebody who can read the mailbox has the link to add it.
"""

from datetime import datetime

from django.db import transaction

from pledges.mailboxes import second_hash
from pledges.models.signatures.signature import Signature
from pledges.signing.sign import Answers, sign


def second_of(first: Signature) -> Signature | None:
    """Return the confirmed signature that was added to this one, or None if there is none."""
    return Signature.objects.confirmed_from(first.pledge, second_hash(first.email_hash)).first()


def may_add_second(first: Signature) -> bool:
    """Return whether one more person may sign with the mailbox of this signature."""
    return first.pledge.as_published().is_open and second_of(first) is None


@transaction.atomic
def add_second(first: Signature, answers: Answers, now: datetime) -> bool:
    """Store and confirm the second signature of a mailbox at `now` (aware); return whether it was added.

    It isn't added if there is one already, or the pledge is closed. The message that signing queues is never written,
    since the signature is confirmed by then.
    """
    hashed = second_hash(first.email_hash)
    sign(first.pledge.slug, answers, now, hashed)
    added = Signature.objects.confirmable(now).filter(pledge=first.pledge, email_hash=hashed).confirm(now)
    return added is not None
