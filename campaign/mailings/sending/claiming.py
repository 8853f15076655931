"""Claiming deliveries before they are sent, and recording the answers.

Each function is one transaction. A claim is identified by its worker and its time: no other claim of that worker has
the same time. An answer changes only the rows of its own claim. So an answer is still recorded if its claim has
already been given up as unknown, and recording it twice never changes a later claim of the same row.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable
from datetime import datetime, timedelta
from random import SystemRandom

from django.db import transaction
from django.db.models import F

from campaign.mailings.models import Delivery, DeliveryQuerySet, Lease, Mailing
from campaign.mailings.sending.answers import Answer, Result
from campaign.mailings.sending.pace import Turn

State = Delivery.State
BATCH = 10  # messages in flight on each connection, which become unknown if the worker is killed
FIRST_WAIT = timedelta(minutes=1)
MAX_WAIT = timedelta(hours=4)
MAX_DOUBLINGS = 8
SPREAD = 1.25
# With these waits, 37 attempts take five days (RFC 5321, 4.5.4.1: "at least 4-5 days").
MAX_ATTEMPTS = 37
DONE = {
    Result.SENT: State.SENT,
    Result.SKIPPED: State.SKIPPED,
    Result.REFUSED: State.REFUSED,
    Result.UNKNOWN: State.UNKNOWN,
}


@transaction.atomic(durable=True)
def claim(mailing: Mailing, worker: int, now: datetime) -> list[Delivery]:
    """Claim up to ten due deliveries at `now` (aware), within the rates. Commit the claim, and return them.

    Skip deliveries to a domain that has used up its rate, and deliveries that another worker is claiming.
    """
    turn = Turn.begin()
    wanted = min(BATCH, turn.all.left)
    # Connecting, or waiting for the rates, may have taken a while. The mailing may have been paused or stopped since.
    if not wanted or not Mailing.objects.filter(pk=mailing.pk, state=Mailing.State.SENDING).exists():
        return []
    due = Delivery.objects.due(now).filter(mailing=mailing)
    due = due.exclude(domain_hash__in=turn.full_domains()).order_by("due_at", "pk")
    claimed = turn.choose(due.select_for_update(skip_locked=True)[:wanted])
    begun = {"state": State.CLAIMED, "claimed_at": now, "worker": worker}
    Delivery.objects.filter(pk__in=[one.pk for one in claimed]).update(**begun, attempts=F("attempts") + 1)
    for delivery in claimed:
        delivery.attempts, delivery.claimed_at = delivery.attempts + 1, now
    return claimed


@transaction.atomic(durable=True)
def record(answers: Iterable[Answer], worker: int, now: datetime) -> None:
    """Record the answers to messages that this worker has claimed. `now` (aware) is the time of the answers."""
    done: dict[tuple[str, str, datetime | None], list[int]] = defaultdict(list)
    for answer in answers:
        if answer.result is Result.NOT_TRIED:
            _put_back(answer, worker, attempts=F("attempts") - 1, worker=None)
        elif answer.result is Result.LATER and not _is_exhausted(answer):
            _put_back(answer, worker, due_at=now + wait(answer.delivery.attempts), code=answer.code)
        else:
            result = DONE.get(answer.result, State.REFUSED), answer.code
            done[*result, answer.delivery.claimed_at].append(answer.delivery.pk)
    for (state, code, claimed_at), keys in done.items():
        _mine(keys, worker, claimed_at).update(state=state, code=code, done_at=now)


def _put_back(answer: Answer, by: int, **changes: object) -> None:
    """Queue a delivery again. If it has been given up as unknown meanwhile, record that it wasn't sent."""
    mine = _mine([answer.delivery.pk], by, answer.delivery.claimed_at)
    if not mine.filter(state=State.CLAIMED).update(state=State.QUEUED, **changes):
        mine.update(state=State.REFUSED, code=answer.code)


def _mine(keys: list[int], worker: int, claimed_at: datetime | None) -> DeliveryQuerySet:
    """Return the deliveries with these keys that are waiting for the answer to this claim."""
    open_states = [State.CLAIMED, State.UNKNOWN]
    return Delivery.objects.filter(pk__in=keys, worker=worker, claimed_at=claimed_at, state__in=open_states)


@transaction.atomic(durable=True)
def take_back_refusals(answers: Iterable[Answer], worker: int, now: datetime) -> int:
    """Queue refused deliveries again at `now` (aware), because the server seems to refuse everybody; return how many.

    Each attempt counts, and the waits between attempts grow. Perhaps the last five people of a mailing really have no
    mailbox: without a limit, they would be tried for ever.
    """
    tried = {answer.delivery.pk: answer.delivery for answer in answers if answer.delivery.attempts < MAX_ATTEMPTS}
    mailings = {delivery.mailing_id for delivery in tried.values()}
    unfinished = [Mailing.State.SENDING, Mailing.State.PAUSED, Mailing.State.HALTED]
    # Locked, so that the mailing isn't finished meanwhile: what is queued after that would never be sent.
    open_mailings = Mailing.objects.filter(pk__in=mailings, state__in=unfinished).order_by("pk")
    locked = {mailing.pk for mailing in open_mailings.select_for_update(no_key=True)} if mailings else set()
    return sum(
        Delivery.objects.filter(pk=key, worker=worker, claimed_at=delivery.claimed_at, state=State.REFUSED).update(
            state=State.QUEUED, done_at=None, due_at=now + wait(delivery.attempts)
        )
        for key, delivery in tried.items()
        if delivery.mailing_id in locked
    )


def put_back_lost(worker: int, in_hand: Callable[[], Container[datetime]]) -> int:
    """Queue the deliveries that a worker has claimed without learning of it; return how many.

    If the connection to the database breaks during a claim, the claim may be committed all the same. Nothing in it is
    sent, because its sender never got the answer. `in_hand` returns the times of the claims that senders hold or are
    making. It is called after the rows have been read, so that it can't miss a claim that was made in between.
    """
    claimed = Delivery.objects.filter(worker=worker, state=State.CLAIMED)
    found = set(claimed.values_list("claimed_at", flat=True))
    known = in_hand() if found else ()
    lost = [moment for moment in found if moment not in known]
    mine = claimed.filter(claimed_at__in=lost)
    return mine.update(state=State.QUEUED, worker=None, attempts=F("attempts") - 1) if lost else 0


@transaction.atomic(durable=True)
def give_up_claims(worker: int, renewals: int | None, now: datetime) -> int:
    """Mark the claims of a worker that is gone as unknown at `now` (aware), and delete its lease; return how many.

    They are never retried. A worker that has renewed its lease since these `renewals` isn't gone, and keeps its claims.
    """
    if renewals is not None:
        Lease.objects.of(worker).filter(renewals=renewals).delete()
    if Lease.objects.of(worker).exists():
        return 0
    return Delivery.objects.filter(worker=worker, state=State.CLAIMED).update(state=State.UNKNOWN, done_at=now)


def wait(attempts: int) -> timedelta:
    """Return the wait after this many attempts: about a minute, then twice as long each time, up to five hours."""
    doubled: timedelta = min(FIRST_WAIT * 2 ** min(attempts - 1, MAX_DOUBLINGS), MAX_WAIT)
    return doubled * SystemRandom().uniform(1, SPREAD)


def _is_exhausted(answer: Answer) -> bool:
    """Return whether to give up. We do after five days of attempts, unless the mail server refuses everybody."""
    return answer.delivery.attempts >= MAX_ATTEMPTS and not answer.is_about_server
