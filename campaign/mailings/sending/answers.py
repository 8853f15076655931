"""Results of attempts to send: the mail server's answer, or why there is none."""

from dataclasses import dataclass
from enum import Enum, auto
from smtplib import SMTPDataError, SMTPException
from typing import Any

from campaign.mail.failures import Failure, NextStep
from campaign.mailings.models import Delivery

API_FAULT = {401, 403, 429}  # not signed in, not allowed, too many requests: the provider would accept nobody's message


class Result(Enum):
    """The result of an attempt."""

    SENT = auto()
    SKIPPED = auto()  # the person no longer wants it
    REFUSED = auto()
    LATER = auto()  # certainly not sent; tried again later
    NOT_TRIED = auto()  # certainly not sent; not counted as an attempt
    UNKNOWN = auto()  # may have been sent, so never tried again


@dataclass(frozen=True)
class Answer:
    """The result of one attempt, and why. `is_doubtful` means that the server may refuse everybody."""

    delivery: Delivery
    result: Result
    failure: Failure | None = None
    is_doubtful: bool = False

    @property
    def code(self) -> str:
        """Return the name of the error and the server's codes, but never its text, or "" if nothing failed."""
        return str(self.failure)[:100] if self.failure else ""

    @property
    def is_about_server(self) -> bool:
        """Return whether any other message would have failed too."""
        return self.failure is not None and self.failure.is_about_server


def answer_to(delivery: Delivery, error: Exception | None, *, may_be_accepted: bool) -> Answer:
    """Return what an error means. `may_be_accepted` says whether the server already had the whole message."""
    if error is None:
        return Answer(delivery, Result.SENT)
    failure = Failure.of(error)
    status = getattr(error, "status_code", None)
    if status is not None:
        return _of_api(delivery, failure, status)
    if may_be_accepted and not (isinstance(error, SMTPDataError) and _is_refusal(failure)):
        return Answer(delivery, Result.SENT if _is_acceptance(error) else Result.UNKNOWN, failure)
    if isinstance(error, OSError) and not isinstance(error, SMTPException):
        failure = Failure(failure.name, is_about_server=True)
    return _not_sent(delivery, failure)


def _not_sent(delivery: Delivery, failure: Failure) -> Answer:
    if failure.next_step in (NextStep.HOLD, NextStep.RETRY):
        return Answer(delivery, Result.LATER, failure, is_doubtful=failure.number >= 500)
    return Answer(delivery, Result.REFUSED, failure, is_doubtful=failure.next_step is NextStep.DOUBT)


def _of_api(delivery: Delivery, failure: Failure, status: int) -> Answer:
    """Return what a provider's HTTP status means. Only 4xx is certainly a refusal."""
    if not 400 <= status < 500:
        return Answer(delivery, Result.UNKNOWN, Failure(failure.name, status))
    if status in API_FAULT:
        return Answer(delivery, Result.LATER, Failure(failure.name, status, is_about_server=True))
    return Answer(delivery, Result.REFUSED, Failure(failure.name, status), is_doubtful=True)


def _is_refusal(failure: Failure) -> bool:
    return 400 <= failure.number < 600


def _is_acceptance(error: Any) -> bool:
    """Return whether the server accepted the message with a code other than the 250 that `smtplib` expects."""
    return isinstance(error, SMTPDataError) and 200 <= error.smtp_code < 300
