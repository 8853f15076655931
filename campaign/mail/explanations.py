"""Explanations in plain words, for organisers, of why a message was not sent."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.mail.failures import SIGN_IN, UNFINISHED, UNKNOWN_KIND, UNUSABLE_ADDRESS, Failure

NO_REPLY = {
    UNFINISHED: _("Being sent now, or interrupted"),
    UNKNOWN_KIND: _("Waiting for the newer version of this site that queued it"),
    UNUSABLE_ADDRESS: _("The stored address is not a usable e-mail address"),
    "AnymailRecipientsRefused": _("The mail provider refuses this address"),
    "AnymailRequestsAPIError": _("The mail provider refused the message, or could not be reached"),
    "SMTPServerDisconnected": _("The mail server hung up"),
    "TimeoutError": _("The mail server took too long to answer"),
}
WRONG_PASSWORD = _("The mail server wants this site to sign in, or has rejected its password")
# RFC 5321, 4.2.3: replies that a server may give at any point, and replies about a recipient (556: RFC 7504).
AT_ANY_POINT = {
    421: _("The mail server was closing the connection"),
    451: _("The mail server asks us to try again later"),
    452: _("The mail server says that the mailbox or its disk is full"),
    552: _("The mail server says that the mailbox is full, or the message is too large"),
}
OF_RECIPIENT = {
    450: _("The mail server says that it can’t reach this mailbox at the moment"),
    550: _("The mail server refuses this mailbox, which probably does not exist"),
    551: _("The mail server says that this mailbox has moved"),
    553: _("The mail server says that the address is not in the right format"),
    556: _("The mail server says that this domain does not accept mail"),
}
BAD_SENDER = _("The mail server refuses the address that this site sends from")
# The subjects and details of RFC 3463, RFC 7505 and IANA's list of enhanced codes, without the class.
BY_ENHANCED = {
    "1": _("The mail server refuses the address"),
    "1.1": _("The mail server says that this mailbox does not exist"),
    "1.2": _("The mail server says that the part after the @ does not exist"),
    "1.3": _("The mail server says that the address is not in the right format"),
    "1.6": _("The mail server says that this mailbox has moved"),
    "1.7": BAD_SENDER,
    "1.8": BAD_SENDER,
    "1.10": _("The mail server says that this domain does not accept mail"),
    "2": _("The mail server says that there is a problem with the mailbox"),
    "2.1": _("The mail server says that this mailbox is disabled"),
    "2.2": _("The mail server says that the mailbox is full"),
    "3": _("The mail server says that the problem is at its end"),
    "4": _("The mail server says that it can’t reach the other mail server, or is too busy"),
    "5": _("The mail server and this site did not understand each other"),
    "6": _("The mail server can’t handle the text of the message"),
    "7": _("The mail server’s rules do not allow this message, at least for now"),
}
MIN_REFUSAL = 400  # RFC 5321, 4.2.1; anything lower is not a refusal
REFUSED = _("The mail server refused the message")
NO_SENSE = _("The mail server gave an answer that this site does not understand")
OUR_ERROR = _("The site itself has a fault: show this to the person who looks after the server")


def explain(problem: str) -> str:
    """Return a stored problem in words, such as "The mail server says that this mailbox does not exist (550 5.1.1)"."""
    if not problem:
        return ""
    failure = Failure.stored(problem)
    return f"{_words(failure)} ({failure.codes or failure})" if failure.name not in NO_REPLY else _words(failure)


def _words(failure: Failure) -> str:
    if failure.number in SIGN_IN:
        return str(WRONG_PASSWORD)
    if failure.name == "SMTPSenderRefused" and failure.number not in AT_ANY_POINT:
        return str(BAD_SENDER)
    detail = failure.enhanced.partition(".")[2]
    by_enhanced = BY_ENHANCED.get(detail) or BY_ENHANCED.get(detail.partition(".")[0])
    return str(by_enhanced or _without_enhanced(failure))


def _without_enhanced(failure: Failure) -> Promise:
    known = AT_ANY_POINT | (OF_RECIPIENT if failure.name == "SMTPRecipientsRefused" else {})
    fallback = OUR_ERROR
    if failure.name.startswith("SMTP"):
        fallback = REFUSED if failure.number >= MIN_REFUSAL else NO_SENSE
    return known.get(failure.number) or NO_REPLY.get(failure.name, fallback)
