"""The words of a pledge, how two wordings differ, and whether the difference is only a slip.

No program can tell what a change means: "now" and "not" differ by one letter. So slips are narrowly defined, and
each correction is shown in public with the old and the new words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple
from unicodedata import normalize

from django.utils.translation import gettext as _

Run = tuple[str, ...]  # consecutive words
MAX_WORDS = 5  # that the corrections of one wording may change in total
SHARE = 10  # corrections may change at most one word in this many, though always at least one
MAX_LETTERS = 4  # that a correction may change in one word
MIN_LIKENESS = 0.6
AROUND_NUMBERS = ".,;:!?()“”‘’\"'"
CONTEXT = 2  # words shown on either side of a change


class Change(NamedTuple):
    """One place where two texts differ: the old and the new words, and the words before and after the old ones."""

    old: Run
    new: Run
    before: Run
    after: Run

    def in_context(self) -> tuple[str, str]:
        """Return the old and the new words, each with the words around them."""
        before, after = self.before[-CONTEXT:], self.after[:CONTEXT]
        return " ".join((*before, *self.old, *after)), " ".join((*before, *self.new, *after))

    @property
    def is_slip(self) -> bool:
        """Return whether words were only respelt, joined, split or punctuated, or a repeated word was removed."""
        if not self.new and self.old in (self.before[-len(self.old) :], self.after[: len(self.old)]):
            return True
        if _numbers(self.old) != _numbers(self.new):
            return False
        if _letters(self.old) == _letters(self.new):
            return True
        pairs = list(zip(self.old, self.new, strict=False))
        return len(self.old) == len(self.new) and all(
            _is_respelt(_letters((old,)), _letters((new,))) for old, new in pairs
        )


@dataclass(frozen=True)
class Words:
    """The words that people put their names to: a statement and its demands, in order. Spacing doesn't matter."""

    statement: Run
    demands: tuple[Run, ...]

    @classmethod
    def of(cls, statement: str, demands: list[str]) -> "Words":
        """Return the words of a statement and its demands."""
        return cls(_words(statement), tuple(_words(text) for text in demands))

    def changes_to(self, new: "Words") -> Iterator[Change]:
        """Yield each place where `new` differs. Both must have the same number of demands."""
        for before, after in zip((self.statement, *self.demands), (new.statement, *new.demands), strict=True):
            for what, begin, end, new_begin, new_end in SequenceMatcher(None, before, after, False).get_opcodes():
                if what != "equal":
                    yield Change(before[begin:end], after[new_begin:new_end], before[:begin], before[end:])

    def why_no_slip(self, new: "Words") -> str:
        """Return a sentence that says why `new` is more than a correction, or "" if it may be a correction."""
        if len(self.demands) != len(new.demands):
            return _("A demand has been added or removed, so it is a new wording.")
        changes = list(self.changes_to(new))
        for change in changes:
            if not change.is_slip:
                words = {"old": " ".join(change.old), "new": " ".join(change.new)}
                return _(
                    "A correction may respell a word, but not add, remove or replace one, or change a number. "
                    "Here “%(old)s” became “%(new)s”, so it is a new wording."
                ) % {name: text[:100] for name, text in words.items()}
        total = len(self.statement) + sum(map(len, self.demands))
        most = max(1, min(MAX_WORDS, total // SHARE))
        if sum(max(len(change.old), len(change.new)) for change in changes) > most:
            return _(
                "Corrections may change %(most)d of the words in this wording, counting earlier corrections too. "
                "These change more, so it is a new wording."
            ) % {"most": most}
        return ""


def _words(text: str) -> Run:
    return tuple(normalize("NFC", text).split())


def _letters(run: Run) -> str:
    """Return the letters and digits of some words in lower case, without spaces or punctuation."""
    return "".join(letter for letter in "".join(run).casefold() if letter.isalnum())


def _numbers(run: Run) -> list[str]:
    """Return the words that contain digits, without the punctuation around them."""
    return [word.strip(AROUND_NUMBERS) for word in run if any(letter.isdigit() for letter in word)]


def _is_respelt(old: str, new: str) -> bool:
    """Return whether a word has only changed by a few letters."""
    same = SequenceMatcher(None, old, new, autojunk=False)
    changed = max(len(old), len(new)) - sum(block.size for block in same.get_matching_blocks())
    return changed <= MAX_LETTERS and same.ratio() >= MIN_LIKENESS
