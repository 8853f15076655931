"""People who were skipped because the row that was chosen for them no longer wants the mailing, though another does.

Somebody may have signed, asked for news as a subscriber too, and withdrawn the signature since. Deliveries name only
one row of a person, so the others are found by reading the audience once more, when nothing else is left to send.
"""

from django.db import transaction
from django.utils import timezone

from campaign.db import Lock, try_long_lock
from campaign.mailings.models import Delivery, Mailing
from campaign.mailings.models.delivery import domain_hash
from campaign.mailings.sending.claiming import MAX_ATTEMPTS
from campaign.mailings.sources import Recipient, recipients, wanted

State = Delivery.State


def queue_other_rows(mailing: Mailing) -> bool:
    """Queue skipped people again, each with a row that still wants the mailing; return whether there is more to send.

    Return True as well if another worker is looking for them at this moment.
    """
    if mailing.deliveries.filter(state__in=[State.QUEUED, State.CLAIMED]).exists():
        return True
    skipped = mailing.deliveries.filter(state=State.SKIPPED, attempts__lt=MAX_ATTEMPTS)
    people = {bytes(person) for person in skipped.values_list("person", flat=True)}
    if not people:
        return False
    with try_long_lock(Lock.FILL_MAILINGS) as got_it:
        if not got_it:
            return True
        found = wanted(recipients(mailing.as_sent()), mailing.pk)
        return sum(_queue(mailing, {person: batch[person] for person in people & batch.keys()}) for batch in found) > 0


@transaction.atomic
def _queue(mailing: Mailing, found: dict[bytes, Recipient]) -> int:
    """Queue these people, if the mailing is still being sent; return how many. The row that was skipped stays so."""
    sending = Mailing.objects.filter(pk=mailing.pk, state=Mailing.State.SENDING)
    if not found or not sending.select_for_update(no_key=True).exists():
        return 0
    return sum(
        mailing.deliveries.filter(person=person, state=State.SKIPPED)
        .exclude(source=source.name, row=row)
        .update(
            **{"state": State.QUEUED, "source": source.name, "row": row, "domain_hash": domain_hash(address)},
            **{"due_at": timezone.now(), "done_at": None, "worker": None},
        )
        for person, (source, row, address) in found.items()
    )
