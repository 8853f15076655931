"""Measuring how much of a letter is our wording, as WriteToThem does to hold back letters that are too alike.

WriteToThem cuts each letter into 32-byte windows. Two letters A and B have a likeness of 2|A n B| / (|A| + |B|), and
are too alike at 0.50 or more. We can't see other people's letters, so we count the windows that another letter with the
same points could share. If less than half of each letter is ours, their likeness is below 0.50, unless the writers' own
words are alike too. `static/letter.js` makes the same calculation as the visitor types.
"""

from collections.abc import Iterable
from dataclasses import dataclass

WINDOW = 32
TOO_ALIKE = 0.5
ROUNDED_TO = 10


@dataclass(frozen=True)
class Likeness:
    """The number of windows in a letter, and how many of them are our wording."""

    ours: int
    total: int

    @property
    def share(self) -> float:
        """Return how much of the letter is our text, from 0 to 1."""
        return self.ours / self.total

    @property
    def percent(self) -> int:
        """Return the share as a whole percentage, rounded down. 50 or more is too alike."""
        return 100 * self.ours // self.total

    @property
    def too_alike(self) -> bool:
        """Return whether a service such as WriteToThem could mistake the letter for a copy."""
        return self.share >= TOO_ALIKE

    @property
    def missing(self) -> int:
        """Return roughly how many characters the writer has to add, rounded up to a multiple of ten, or 0 if none."""
        return -(-(2 * self.ours - self.total + 1) // ROUNDED_TO) * ROUNDED_TO if self.too_alike else 0


def windows(text: str) -> set[bytes]:
    """Return every 32-byte window of the text in UTF-8, with white space collapsed; a shorter text is one window."""
    data = " ".join(text.split()).encode(errors="replace")
    return {data[start : start + WINDOW] for start in range(max(len(data) - WINDOW + 1, 1))}


def likeness(text: str, templates: Iterable[str]) -> Likeness:
    """Return how much of the text is also in one of the templates."""
    own = windows(text)
    return Likeness(len(own & set[bytes]().union(*map(windows, templates))), len(own))
