"""What happens to messages after a mail server has accepted them, as a provider or a bounce reports it."""

from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """The kinds of outcome."""

    HARD_BOUNCE = auto()  # there is no such mailbox
    SOFT_BOUNCE = auto()  # it came back for any other reason
    SPAM_REPORT = auto()
    UNSUBSCRIBED = auto()


@dataclass(frozen=True)
class Outcome:
    """The outcome of a message to a normalised address."""

    address: str
    kind: Kind
