"""Why a message was not sent: the codes to store, and what happens to the message.

The text of an error, or of a mail server's reply, is never stored, because it may contain the address.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused
from typing import Self

from anymail.exceptions import AnymailAPIError

MAIL_SERVER = "mail server: "
UNKNOWN_KIND = "unknown kind"
UNUSABLE_ADDRESS = "unusable address"
UNFINISHED = "unfinished"

STORED = re.compile(rf"(?:{MAIL_SERVER})?(\D*?)(?: (\d{{3}}))?(?: (\d\.\d+\.\d+))?")
# RFC 3463. RFC 2034 puts it at the start of each line; some servers only on the last, as "#5.1.0" or "[5.1.0]".
ENHANCED = re.compile(rb"^[#\[( ]*([245]\.\d{1,3}\.\d{1,3})(?![.\d])", re.MULTILINE)
SIGN_IN = {530, 534, 535, 538}  # RFC 4954, 6
CLOSING = 421  # RFC 5321, 4.2.3
# RFC 5321, 4.5.3.1.10, says to treat 552 like 452: temporary, because people empty their mailboxes.
TOO_MUCH = 552
FULL = "5.2.2"
BAD_SENDER = {"4.1.7", "4.1.8", "5.1.7", "5.1.8"}
# The server didn't understand us, or is accepting no mail at the moment (RFC 5321, 4.2.3; RFC 7504).
NOT_ABOUT_RECIPIENT = {500, 502, 503, 504, 521, 555}
# Subjects in RFC 3463 other than addresses and mailboxes: system, network, protocol, content, policy. A policy problem
# may be our fault (no relaying, over a quota) or temporary (greylisting, a list of blocked networks).
OTHER_SUBJECTS = {"3", "4", "5", "6", "7"}
# No such mailbox or domain, bad syntax, mailbox moved, domain that accepts no mail (RFC 7505), mailbox disabled.
NO_SUCH_RECIPIENT = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"}
# What a provider's API returns if we aren't signed in, aren't allowed or ask too often (RFC 9110; RFC 6585).
API_FAULT = {401, 403, 429}
API_REFUSED = "AnymailRecipientsRefused"


class UnknownKindError(Exception):
    """This version doesn't know the kind of message, because a newer version queued it."""


class UnusableAddressError(Exception):
    """Mail can't be sent to the stored address, because it isn't a single plain mailbox."""


# The names that are stored for our own errors instead of the class names.
OWN: dict[type[Exception], str] = {UnknownKindError: UNKNOWN_KIND, UnusableAddressError: UNUSABLE_ADDRESS}


class NextStep(Enum):
    """What happens next to a message that wasn't sent."""

    HOLD = auto()  # retried, without giving up, until an operator has fixed the problem
    RETRY = auto()  # retried for five days
    DOUBT = auto()  # given up, unless the server refuses everybody, which suggests a fault of ours
    GIVE_UP = auto()  # given up at once


@dataclass(frozen=True)
class Failure:
    """An error's class, with the mail server's numeric and enhanced codes: 550 and "5.1.1", or 0 and "" if none."""

    name: str
    number: int = 0
    enhanced: str = ""
    is_about_server: bool = False

    @classmethod
    def of(cls, error: Exception) -> Self:
        """Return an error's class and codes, without its text."""
        number, enhanced = _reply(error)
        name = OWN.get(type(error), type(error).__name__)
        return cls(name, number, enhanced, _is_about_server(error, number, enhanced))

    @classmethod
    def stored(cls, problem: str) -> Self:
        """Return the failure that was stored as `problem`."""
        found = STORED.fullmatch(problem)
        name, number, enhanced = found.groups() if found else (problem, None, None)
        return cls(name, int(number or 0), enhanced or "", problem.startswith(MAIL_SERVER))

    @property
    def codes(self) -> str:
        """Return the server's codes, such as "550 5.1.1"."""
        return " ".join(filter(None, [str(self.number or ""), self.enhanced]))

    @property
    def next_step(self) -> NextStep:
        """Return what happens to the message. Contradictory codes are treated as a temporary problem."""
        if self.name in (UNUSABLE_ADDRESS, API_REFUSED):
            return NextStep.GIVE_UP
        if self.is_of_api:
            return self._api_next_step
        if self.name == UNKNOWN_KIND or self._is_permanent and self.is_about_server:
            return NextStep.HOLD
        if not self._is_permanent or self.number in NOT_ABOUT_RECIPIENT or self._subject in OTHER_SUBJECTS:
            return NextStep.RETRY
        return NextStep.GIVE_UP if self.enhanced in NO_SUCH_RECIPIENT else NextStep.DOUBT

    @property
    def is_of_api(self) -> bool:
        """Return whether a provider's API answered. If so, `number` is an HTTP status."""
        return self.name.startswith("Anymail")

    @property
    def _api_next_step(self) -> NextStep:
        if self.number in (401, 403):
            return NextStep.HOLD
        return NextStep.DOUBT if 400 <= self.number < 500 and not self.is_about_server else NextStep.RETRY

    @property
    def is_no_such_recipient(self) -> bool:
        """Return whether the server says that the recipient doesn't exist. That counts as a hard bounce."""
        return self._is_permanent and self.enhanced in NO_SUCH_RECIPIENT and not self.is_about_server

    @property
    def _is_permanent(self) -> bool:
        may_pass = self.is_of_api or self.number == TOO_MUCH or self.enhanced == FULL or self.enhanced.startswith("4")
        return 500 <= self.number < 600 and not may_pass

    @property
    def _subject(self) -> str:
        return self.enhanced.split(".")[1] if self.enhanced.startswith("5") else ""

    def __str__(self) -> str:
        """Return the code, such as "SMTPDataError 451 4.7.1" or "UnicodeError"."""
        return f"{self.name} {self.codes}".rstrip()

    def as_problem(self) -> str:
        """Return the code to store with the message, marked if every other message would have failed too."""
        return f"{MAIL_SERVER if self.is_about_server else ''}{self}"


def _is_about_server(error: Exception, number: int, enhanced: str) -> bool:
    """Return whether any other message would have failed too: no connection, no sign-in, or our sender was refused."""
    if isinstance(error, AnymailAPIError):
        return not 400 <= number < 500 or number in API_FAULT
    if isinstance(error, SMTPRecipientsRefused | SMTPDataError):
        return number == CLOSING or number in SIGN_IN or enhanced in BAD_SENDER
    if isinstance(error, SMTPSenderRefused) and number == TOO_MUCH:
        return False  # RFC 1870: this message is larger than the server accepts.
    return isinstance(error, SMTPException)


def _reply(error: Exception) -> tuple[int, str]:
    """Return the server's numeric and enhanced codes, such as (550, "5.1.1"), or 0 and "" if it gave none."""
    number: int = 0
    text: bytes | str = b""
    if isinstance(error, SMTPRecipientsRefused):
        number, text = min(error.recipients.values(), default=(number, text))
    elif isinstance(error, SMTPResponseException):
        number, text = error.smtp_code, error.smtp_error
    elif isinstance(error, AnymailAPIError):
        number = error.status_code or 0
    found = ENHANCED.search(text) if isinstance(text, bytes) else None
    return (number if 200 <= number < 600 else 0), (found[1].decode() if found else "")
