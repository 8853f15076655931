"""What an error says about a message that was not sent: a code to store, and where the fault lies.

Never the text of an error or of a mail server's answer: either may contain the address.
"""

import re
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException

MAIL_SERVER = "mail server: "
UNKNOWN_KIND = "unknown kind"
UNFINISHED = "unfinished"

ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?![.\d])")  # RFC 3463; RFC 2034 puts it at the start of the text
# The server is closing, or wants us to sign in (RFC 5321, 4.2.3; RFC 4954, 6).
ABOUT_US = {421, 530, 534, 535, 538}
BAD_SENDER = {"4.1.7", "4.1.8", "5.1.7", "5.1.8"}
# No such mailbox, domain or syntax; the domain takes no mail (RFC 7505); mailbox disabled or full. Other 5xx codes may
# be about us: no relaying, over a quota, a sender that isn't allowed.
NO_SUCH_RECIPIENT = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.2.2"}


class UnknownKindError(Exception):
    """This version does not know the kind of message: a newer version that ran here queued it."""


def code(error: Exception) -> str:
    """Return the error's class with the server's numeric codes: "SMTPDataError 451 4.7.1", "UnicodeError"."""
    if isinstance(error, UnknownKindError):
        return UNKNOWN_KIND
    number, enhanced = _reply(error)
    return " ".join(filter(None, [type(error).__name__, str(number) if number else "", enhanced]))


def problem(error: Exception) -> str:
    """Return what is stored with the message: the code, marked if no message could have been sent."""
    return (MAIL_SERVER if is_about_server(error) else "") + code(error)


def is_about_server(error: Exception) -> bool:
    """Return whether any other message would have failed too: disconnected, not signed in, sender refused."""
    if isinstance(error, SMTPRecipientsRefused | SMTPDataError):
        number, enhanced = _reply(error)
        return number in ABOUT_US or enhanced in BAD_SENDER
    return isinstance(error, SMTPException)


def is_final(error: Exception) -> bool:
    """Return whether the server has said for certain that this recipient can't be reached."""
    if not isinstance(error, SMTPRecipientsRefused | SMTPDataError):
        return False
    number, enhanced = _reply(error)
    return 500 <= number < 600 and enhanced in NO_SUCH_RECIPIENT


def _reply(error: Exception) -> tuple[int, str]:
    """Return the server's numeric and enhanced codes: (550, "5.1.1"); 0 and "" if it gave none."""
    number: int = 0
    text: bytes | str = b""
    if isinstance(error, SMTPRecipientsRefused):
        number, text = min(error.recipients.values(), default=(number, text))
    elif isinstance(error, SMTPResponseException):
        number, text = error.smtp_code, error.smtp_error
    found = ENHANCED.match(text) if isinstance(text, bytes) else None
    return (number if 200 <= number < 600 else 0), (found[0].decode() if found else "")
