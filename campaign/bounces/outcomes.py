"""What becomes of a message after a mail server has accepted it, as a provider or a bounce reports it."""

from dataclasses import dataclass
from enum import Enum, auto


class What(Enum):
    """What happened."""

    HARD_BOUNCE = auto()  # there is no such mailbox
    SOFT_BOUNCE = auto()  # it came back for any other reason
    SPAM_REPORT = auto()
    UNSUBSCRIBED = auto()


@dataclass(frozen=True)
class Outcome:
    """What happened to a message to a normalised address."""

    address: str
    what: What
