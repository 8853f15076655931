"""How much of a letter is our wording, measured as WriteToThem does, which holds back letters that are too alike.

It cuts each letter into windows of 32 bytes, and two letters A and B are alike by 2|A n B| / (|A| + |B|), too alike
from 0.50. We can't see other people's letters, so we count the windows that anybody who chose the same points could
have. If less than half of each of two letters is ours, then the two are less than 0.50 alike, unless the writers' own
words are. `static/letter.js` calculates the same while somebody types.
"""

from collections.abc import Iterable
from dataclasses import dataclass

WINDOW = 32
TOO_ALIKE = 0.5
ROUNDED_TO = 10


@dataclass(frozen=True)
class Likeness:
    """The number of windows of a letter, and how many of them are in our wording."""

    ours: int
    total: int

    @property
    def share(self) -> float:
        """How much of the letter is ours, from 0 to 1."""
        return self.ours / self.total

    @property
    def percent(self) -> int:
        """The share in whole per cent, rounded down: 50 is too alike, and less is not."""
        return 100 * self.ours // self.total

    @property
    def too_alike(self) -> bool:
        """Whether a service such as WriteToThem could take it for a copy."""
        return self.share >= TOO_ALIKE

    @property
    def missing(self) -> int:
        """About how many characters of their own the writer has to add, rounded up to tens; 0 if none."""
        return -(-(2 * self.ours - self.total + 1) // ROUNDED_TO) * ROUNDED_TO if self.too_alike else 0


def windows(text: str) -> set[bytes]:
    """Return every 32-byte window of the text in UTF-8, with white space collapsed; a shorter text is one window."""
    data = " ".join(text.split()).encode(errors="replace")
    return {data[start : start + WINDOW] for start in range(max(len(data) - WINDOW + 1, 1))}


def likeness(text: str, templates: Iterable[str]) -> Likeness:
    """Return how much of the text is also in one of the templates."""
    own = windows(text)
    return Likeness(len(own & set[bytes]().union(*map(windows, templates))), len(own))
