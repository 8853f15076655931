"""Who writes the text of which kind of message."""

from collections.abc import Callable

from django.core.mail import EmailMessage

from campaign.mail.models import Message

Writer = Callable[[Message], EmailMessage | None]
WRITERS: dict[str, Writer] = {}
FOR_ANYBODY: set[str] = set()


def writes(kind: str, *, anybody_may_ask: bool = False) -> Callable[[Writer], Writer]:
    """Register a function that writes the messages of a kind, or gives None if none is needed now.

    What anybody may ask for, by typing an address that may be another's, counts against the allowance of that address.
    """

    def register(writer: Writer) -> Writer:
        WRITERS[kind] = writer
        if anybody_may_ask:
            FOR_ANYBODY.add(kind)
        return writer

    return register
