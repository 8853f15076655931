"""Claiming deliveries before they are sent, and recording the answers.

Each function is one transaction. A worker changes only rows that it has claimed itself. So an answer that arrives after
its claim was given up as unknown is still recorded, but never for another worker's attempt.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from random import SystemRandom

from django.db import transaction
from django.db.models import F

from campaign.mailings.models import Delivery, DeliveryQuerySet, Mailing
from campaign.mailings.sending.answers import Answer, Result
from campaign.mailings.sending.pace import Turn

State = Delivery.State
BATCH = 10  # messages in flight on each connection: what a kill leaves unknown
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
    """Claim up to ten due deliveries at `now` (aware), as the rates allow, and commit that they are being tried.

    Deliveries to a domain that has used up its rate are skipped, and so are those that another worker is claiming.
    """
    turn = Turn.begin()
    wanted = min(BATCH, turn.all.left)
    if not wanted:
        return []
    due = Delivery.objects.due(now).filter(mailing=mailing)
    due = due.exclude(domain_hash__in=turn.full_domains()).order_by("due_at", "pk")
    claimed = turn.choose(due.select_for_update(skip_locked=True)[:wanted])
    begun = {"state": State.CLAIMED, "claimed_at": now, "worker": worker}
    Delivery.objects.filter(pk__in=[one.pk for one in claimed]).update(**begun, attempts=F("attempts") + 1)
    for delivery in claimed:
        delivery.attempts += 1
    return claimed


@transaction.atomic(durable=True)
def record(answers: Iterable[Answer], worker: int, now: datetime) -> None:
    """Record the answers to messages that this worker has claimed, at `now` (aware)."""
    done: dict[tuple[str, str], list[int]] = defaultdict(list)
    for answer in answers:
        if answer.result is Result.NOT_TRIED:
            _put_back(answer, worker, attempts=F("attempts") - 1, worker=None)
        elif answer.result is Result.LATER and not _is_exhausted(answer):
            _put_back(answer, worker, due_at=now + wait(answer.delivery.attempts), code=answer.code)
        else:
            done[DONE.get(answer.result, State.REFUSED), answer.code].append(answer.delivery.pk)
    for (state, code), keys in done.items():
        _mine(keys, worker).update(state=state, code=code, done_at=now)


def _put_back(answer: Answer, by: int, **changes: object) -> None:
    """Queue a delivery again. If it has been given up as unknown meanwhile, record that it was not sent."""
    mine = _mine([answer.delivery.pk], by)
    if not mine.filter(state=State.CLAIMED).update(state=State.QUEUED, **changes):
        mine.update(state=State.REFUSED, code=answer.code)


def _mine(keys: list[int], worker: int) -> DeliveryQuerySet:
    """Return the deliveries with these keys that await this worker's answer."""
    return Delivery.objects.filter(pk__in=keys, worker=worker, state__in=[State.CLAIMED, State.UNKNOWN])


def take_back_refusals(answers: Iterable[Answer], worker: int) -> int:
    """Queue refused deliveries again, because the server turned out to refuse everybody; return how many."""
    keys = [answer.delivery.pk for answer in answers]
    if not keys:
        return 0
    unfinished = [Mailing.State.SENDING, Mailing.State.PAUSED, Mailing.State.HALTED]
    refused = Delivery.objects.filter(pk__in=keys, worker=worker, state=State.REFUSED, mailing__state__in=unfinished)
    return refused.update(state=State.QUEUED, done_at=None)


def give_up_claims(worker: int, now: datetime) -> int:
    """Mark the claims of a worker that is gone as unknown at `now` (aware); return how many. They are never retried."""
    return Delivery.objects.filter(worker=worker, state=State.CLAIMED).update(state=State.UNKNOWN, done_at=now)


def wait(attempts: int) -> timedelta:
    """Return how long to wait after this many attempts: a minute, then twice as long each time, up to four hours."""
    doubled: timedelta = min(FIRST_WAIT * 2 ** min(attempts - 1, MAX_DOUBLINGS), MAX_WAIT)
    return doubled * SystemRandom().uniform(1, SPREAD)


def _is_exhausted(answer: Answer) -> bool:
    """Return whether to give up: after five days of attempts, unless the mail server refuses everybody."""
    return answer.delivery.attempts >= MAX_ATTEMPTS and not answer.is_about_server
