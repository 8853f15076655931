"""The functions that write each kind of message."""

from collections.abc import Callable

from django.core.mail import EmailMessage
from django.utils.functional import Promise

from campaign.mail.kinds import NAMES
from campaign.mail.models import Message

Writer = Callable[[Message], EmailMessage | None]
WRITERS: dict[str, Writer] = {}
FOR_ANYBODY: set[str] = set()


def writes(kind: str, name: Promise, *, anybody_may_ask: bool = False) -> Callable[[Writer], Writer]:
    """Register a function that writes the messages of a kind, or returns None if none is needed now.

    `name` is what organisers read instead of the kind, such as "Receipt for a donation". Messages that anybody can
    request, by typing an address that may not be theirs, count against its rate limit.
    """

    def register(writer: Writer) -> Writer:
        WRITERS[kind], NAMES[kind] = writer, name
        if anybody_may_ask:
            FOR_ANYBODY.add(kind)
        return writer

    return register
