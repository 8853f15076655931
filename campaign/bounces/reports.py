"""Reading reports in the mailbox of bounces: bounces (RFC 3464, and other formats) and spam reports (RFC 5965).

Anybody can write to that mailbox. So a report counts only if it returns the header of a message that we sent, with a
Message-ID that is sealed to the recipient (`campaign.mail.envelope`).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from email import message_from_bytes, message_from_string
from email.message import Message
from email.utils import getaddresses

from flufl.bounce import all_failures

from campaign.bounces.hardness import is_hard
from campaign.bounces.outcomes import Kind, Outcome
from campaign.email_addresses.parsing import usable_address
from campaign.mail.envelope import sealed_address, sealed_key

MAX_ADDRESSES = 10
MAX_WORDS = 10_000  # characters
# Where the copy of the returned message begins, if a bounce has no parts: from qmail, old versions of Exim, others.
# (With `-{3,}`, a line of a million dashes would take hours, and anybody can send one.)
COPY = re.compile(r"^(?:---.*(?:copy|original|returned|message).*|(?=Return-Path: |Received: ))$", re.I | re.M)
NOT_ASCII = re.compile(rb"[\x80-\xff]")  # flufl.bounce fails on a header with such bytes. We don't need them.
FEEDBACK = {"abuse": Kind.SPAM_REPORT, "opt-out": Kind.UNSUBSCRIBED}


def outcome(raw: bytes, recipient: Callable[[str], str]) -> Outcome | None:
    """Return the outcome that a report gives for one of our messages, or None if it isn't genuine or gives none.

    Some services remove the address from their reports. `recipient` then finds it: it takes the key of the message,
    and returns the address that the message went to, or "". Delay notices and out-of-office replies have no outcome.
    """
    message = message_from_bytes(NOT_ASCII.sub(b"?", raw))
    kind, reported = _spam_report(message) or _bounce(message)
    if kind is None:
        return None
    for returned in _returned(message):
        identity = str(returned.get("Message-ID", ""))
        candidates = _usable([*reported, *_addresses(returned, "To")])
        address = sealed_address(identity, candidates) or sealed_address(identity, [recipient(sealed_key(identity))])
        if address:
            return Outcome(address, kind)
    return None


def _spam_report(message: Message) -> tuple[Kind | None, list[str]] | None:
    """Return the kind of outcome and the addresses in a spam report (RFC 5965), or None for any other message."""
    for part in _parts(message, "message/feedback-report"):
        fields = _fields(part)
        kind = FEEDBACK.get(str(fields.get("Feedback-Type", "")).strip().lower())
        return kind, _addresses(fields, "Original-Rcpt-To")
    return None


def _bounce(message: Message) -> tuple[Kind | None, list[str]]:
    """Return the kind of bounce and the addresses that bounced, or None if nothing has failed permanently."""
    is_signed = any(_addresses(message, "From"))  # flufl.bounce fails without a sender.
    _delayed, failed = all_failures(message) if is_signed else ((), ())
    if not failed:
        return None, []
    is_final = is_hard(_words(message))
    return (Kind.HARD_BOUNCE if is_final else Kind.SOFT_BOUNCE), [each.decode("ascii", "replace") for each in failed]


def _words(message: Message) -> str:
    """Return the status and reply of a standard bounce. For other bounces, return the text before the returned copy."""
    statuses = [block for part in _parts(message, "message/delivery-status") for block in _blocks(part)]
    failed = [block for block in statuses if str(block.get("Action", "")).lower().startswith(("fail", "error"))]
    if failed:
        words = " ".join(str(block.get(name, "")) for block in failed for name in ("Status", "Diagnostic-Code"))
        return words[:MAX_WORDS]
    return COPY.split(_text(message), maxsplit=1)[0][:MAX_WORDS]


def _returned(message: Message) -> Iterator[Message]:
    """Yield the header of each returned message, whether it has a part of its own or follows the text."""
    for part in _parts(message, "message/rfc822", "message/global"):
        yield from _blocks(part)
    for part in _parts(message, "text/rfc822-headers", "message/global-headers", "message/rfc822-headers"):
        yield message_from_string(_decoded(part))
    _text_before, *copy = COPY.split(_text(message), maxsplit=1)
    if copy:
        yield message_from_string(copy[0].lstrip())


def _parts(message: Message, *types: str) -> Iterator[Message]:
    return (part for part in message.walk() if part is not message and part.get_content_type() in types)


def _blocks(part: Message) -> list[Message]:
    """Return the messages or the blocks of fields in a part."""
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _fields(part: Message) -> Message:
    """Return the fields of a part of type message/feedback-report, which the email package reads as a message."""
    return next(iter(_blocks(part)), None) or message_from_string(_decoded(part))


def _text(message: Message) -> str:
    """Return the text of the first plain-text part, or ""."""
    texts = (part for part in message.walk() if part.get_content_type() == "text/plain")
    return next((_decoded(part) for part in texts), "")


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace").replace("\r\n", "\n") if isinstance(payload, bytes) else ""


def _addresses(message: Message, name: str) -> list[str]:
    values = [str(value) for value in message.get_all(name, [])[:MAX_ADDRESSES]]
    return [address for _name, address in getaddresses(values)]


def _usable(addresses: Iterable[str]) -> list[str]:
    """Return up to ten normalised addresses, without duplicates."""
    return list(dict.fromkeys(filter(None, map(usable_address, addresses))))[:MAX_ADDRESSES]
