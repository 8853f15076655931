"""What one worker knows about the mail server. It decides whether to continue, to wait or to pause a mailing."""

import time
from datetime import UTC, datetime, timedelta
from threading import Event, Lock

from django.conf import settings
from django.utils import timezone

from campaign.mail.failures import Failure
from campaign.mail.models import MIN_FAILURES
from campaign.mailings.sending.answers import Answer, Result

MAX_REMEMBERED = 100
WAIT = 30.0  # seconds before the next attempt if the server refuses everybody


class Server:
    """The state of the mail server, from the answers on all connections of one worker.

    If the server accepts nothing, its refusals say nothing about the recipients. So after five failures in a row,
    refusals are taken back. If they leave messages unknown, each further attempt may cost somebody the message. So the
    worker pauses the mailing and leaves the decision to an organiser.
    """

    def __init__(self) -> None:
        # As `Failure.as_problem` writes it. It is "" while messages are accepted, and None before the first answer.
        self.problem: str | None = None
        self.has_refused = Event()  # since the worker last counted, because counting takes 0.1 s for 100,000 people
        self._failures: list[Answer] = []
        self._retry_at = 0.0
        self._lock = Lock()
        self._last_moment = datetime.min.replace(tzinfo=UTC)

    def moment(self) -> datetime:
        """Return the time (aware), later than any time returned before, so that no two claims share a time."""
        with self._lock:
            self._last_moment = max(timezone.now(), self._last_moment + timedelta(microseconds=1))
            return self._last_moment

    @property
    def wait(self) -> float:
        """Return how many seconds to wait before the next attempt."""
        return max(0.0, self._retry_at - time.monotonic())

    def back_off(self, failure: Failure) -> None:
        """Wait for half a minute before the next attempt, because the server can't be used."""
        with self._lock:
            self.problem, self._retry_at = failure.as_problem()[:100], time.monotonic() + WAIT

    def note(self, answer: Answer) -> list[Answer]:
        """Count a failure, or start again from 0 after a success. Return the refusals to take back.

        There are some only after five failures in a row, when the server seems to refuse everybody.
        """
        with self._lock:
            if answer.result is Result.SENT:
                self.problem, self._failures = "", []
            elif answer.failure and (answer.is_doubtful or answer.result in (Result.LATER, Result.UNKNOWN)):
                self._failures.append(answer)
            if answer.failure is None or len(self._failures) < MIN_FAILURES:
                return []
            self.problem = answer.failure.as_problem()[:100]
            self._retry_at = time.monotonic() + WAIT
            self._failures = self._failures[-MAX_REMEMBERED:]
            return [failed for failed in self._failures if failed.result is Result.REFUSED]

    def forget(self) -> None:
        """Count failures from 0 again, once the mailing has been paused."""
        with self._lock:
            self._failures = []

    @property
    def must_pause(self) -> bool:
        """Return whether so many messages in a row are unknown that the mailing has to be paused."""
        unknown = sum(failed.result is Result.UNKNOWN for failed in self._failures)
        return unknown >= MIN_FAILURES + settings.NEWS_CONNECTIONS
