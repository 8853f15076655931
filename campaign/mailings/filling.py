"""Filling: one delivery for each person whom a mailing is for, found once, when sending starts."""

from django.db import transaction
from django.utils import timezone

from campaign.db import Lock, try_session_lock
from campaign.mailings.models.delivery import Delivery, domain_hash
from campaign.mailings.models.mailing import Mailing
from campaign.mailings.sources import Recipient, recipients, wanted


def fill_due() -> int:
    """Fill each mailing that is due, and start sending it; return how many. Safe to repeat after a crash.

    Only one worker at a time fills. Rows that an interrupted filling has stored are kept, and nobody is stored twice.
    """
    with try_session_lock(Lock.FILL_MAILINGS) as got_it:
        if not got_it:
            return 0
        return sum(fill(mailing) for mailing in Mailing.objects.due(timezone.now()))


def fill(mailing: Mailing) -> bool:
    """Store the deliveries of one mailing in batches, then start sending; return False if it was stopped meanwhile."""
    if mailing.state != Mailing.State.FILLING and not mailing.begin_filling():
        return False
    for batch in wanted(recipients(mailing.as_sent())):
        if not _store(mailing, batch):
            return False
    return mailing.begin_sending()


@transaction.atomic
def _store(mailing: Mailing, batch: dict[bytes, Recipient]) -> bool:
    """Store a batch, leaving out people who have a delivery already; return False if filling was stopped."""
    if not Mailing.objects.filter(pk=mailing.pk, state=Mailing.State.FILLING).select_for_update(no_key=True).exists():
        return False
    now = timezone.now()
    rows = [
        Delivery(
            mailing=mailing, person=person, source=source.name, row=row, domain_hash=domain_hash(address), due_at=now
        )
        for person, (source, row, address) in batch.items()
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return True
