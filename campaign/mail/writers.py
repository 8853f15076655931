"""Who writes the text of which kind of message."""

from collections.abc import Callable

from django.core.mail import EmailMessage

from campaign.mail.models import Message

Writer = Callable[[Message], EmailMessage | None]
WRITERS: dict[str, Writer] = {}


def writes(kind: str) -> Callable[[Writer], Writer]:
    """Register a function that writes the messages of a kind, or gives None if none is needed now."""

    def register(writer: Writer) -> Writer:
        WRITERS[kind] = writer
        return writer

    return register
