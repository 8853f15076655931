"""Filling mailings: storing a delivery for each recipient. Recipients are collected once, when sending starts."""

import logging

from django.db import Error, connection, transaction
from django.utils import timezone

from campaign.db import Lock, try_long_lock
from campaign.mail.failures import Failure
from campaign.mailings.models.delivery import domain_hash
from campaign.mailings.models.mailing import Mailing
from campaign.mailings.sources import Recipient, recipients, wanted
from campaign.monitoring.log_lines import Safe

log = logging.getLogger(__name__)
OWN_PROBLEM = "mailing: "  # The problem is with the mailing, not with the mail server.
# This takes a quarter of the time of `bulk_create`, so 100,000 people take only seconds.
STORE = """
INSERT INTO mailings_delivery (mailing_id, due_at, person, source, row, domain_hash,
                               state, attempts, code, bounce, is_spam, is_unsubscribed)
SELECT %s, %s, person, source, row, domain_hash, 'queued', 0, '', '', false, false
FROM unnest(%s::bytea[], %s::text[], %s::uuid[], %s::bytea[]) AS found (person, source, row, domain_hash)
ON CONFLICT DO NOTHING
"""


def fill_due() -> int:
    """Fill each mailing that is due, and start sending it; return how many. Safe to repeat after a crash.

    Only one worker fills at a time. Rows from an interrupted run are kept, and nobody is stored twice.
    """
    if not Mailing.objects.due(timezone.now()).exists():
        return 0
    with try_long_lock(Lock.FILL_MAILINGS) as got_it:
        if not got_it:
            return 0
        return sum(_try(mailing) for mailing in Mailing.objects.due(timezone.now()))


def _try(mailing: Mailing) -> bool:
    """Fill one mailing. If that fails, show organisers the problem and leave the mailing for the next run."""
    try:
        return fill(mailing)
    except Error:
        raise  # The worker waits for the database.
    # The blind except is deliberate: one mailing must not stop the others.
    except Exception as error:  # noqa: BLE001
        show_problem(mailing, error)
        return False


def show_problem(mailing: Mailing, error: Exception) -> None:
    """Show organisers what kind of error holds up a mailing. Log it once."""
    problem = f"{OWN_PROBLEM}{Failure.of(error)}"
    if Mailing.objects.filter(pk=mailing.pk).exclude(problem=problem).update(problem=problem):
        log.error("Mailing %s can't be sent (%s).", mailing.pk, Safe(problem))


def fill(mailing: Mailing) -> bool:
    """Store the deliveries of one mailing in batches, then start sending. Return False if it was stopped meanwhile."""
    if mailing.state != Mailing.State.FILLING and not mailing.begin_filling():
        return False
    for batch in wanted(recipients(mailing.as_sent()), mailing.pk):
        if not _store(mailing, batch):
            return False
    _analyse()
    return mailing.begin_sending()


def _analyse() -> None:
    """Update PostgreSQL's statistics. Without them, it sorts all 100,000 deliveries for each claim of ten."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE mailings_delivery")


@transaction.atomic
def _store(mailing: Mailing, batch: dict[bytes, Recipient]) -> bool:
    """Store a batch, leaving out people who already have a delivery. Return False if somebody stopped the mailing."""
    if not Mailing.objects.filter(pk=mailing.pk, state=Mailing.State.FILLING).select_for_update(no_key=True).exists():
        return False
    found = batch.values()
    people, domains = list(batch), [domain_hash(address) for _source, _row, address in found]
    sources, rows = [source.name for source, _row, _address in found], [str(row) for _source, row, _address in found]
    with connection.cursor() as cursor:
        cursor.execute(STORE, [mailing.pk, timezone.now(), people, sources, rows, domains])
    return True
