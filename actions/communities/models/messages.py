"""The kinds of messages to contacts, and queuing them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from campaign.mail.models import Message

CONFIRM = "communities.confirm"
WELCOME = "communities.welcome"
MANAGE = "communities.manage"
REMINDER = "communities.reminder"


def queue(kind: str, communities: Iterable[UUID], now: datetime) -> None:
    """Queue a message of this kind to the contact of each community, given their keys, at `now` (aware)."""
    Message.objects.bulk_create(Message(kind=kind, object_id=key, due_at=now) for key in communities)
