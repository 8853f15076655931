"""The drafts that checks read, the findings that they return, and the list of all checks."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from campaign.documents import html
from campaign.documents.blocks import Block, Run

Severity = Literal["problem", "advice"]


@dataclass(frozen=True)
class Finding:
    """A possible mistake: a sentence about it, the id of its field, and its severity.

    A "problem" stops people from reading or using the page; "advice" can be ignored for a good reason.
    """

    text: Any
    field: str
    severity: Severity = "advice"


@dataclass(frozen=True)
class Piece:
    """A text that an organiser has written, with the id and name of its field, and its kind.

    `has_placeholders` says whether the text may contain {{ }}.
    """

    field: str
    name: str
    text: str
    kind: Literal["html", "text", "title", "summary", "link"] = "text"
    has_placeholders: bool = False

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Return the text's paragraphs, headings and list items."""
        if self.kind == "html":
            return html.blocks(self.text)
        lines = [line for line in self.text.splitlines() if line.strip()]
        return tuple(Block((Run(line),)) for line in lines) if self.kind != "link" else ()


@dataclass(frozen=True)
class Picture:
    """A picture that a row shows, with its field's id, its alternative text, and whether it is only decoration."""

    field: str
    alt: str
    is_decorative: bool = False


@dataclass(frozen=True)
class Quote:
    """A quotation: the id of its field, its words, and whether the page says when or where they were said."""

    field: str
    words: str
    is_sourced: bool = False


@dataclass(frozen=True)
class Card:
    """An object of another app that a page shows: the id of its field, and its target (see `campaign.pages.embeds`)."""

    field: str
    target: str


@dataclass(frozen=True)
class Section:
    """A section of the home page that organisers have chosen: its field's id, and its row."""

    field: str
    row: Any


@dataclass(frozen=True)
class Draft:
    """Everything that is checked together, in the order in which visitors read it, with its language."""

    pieces: Sequence[Piece]
    language: str = "en-gb"
    pictures: Sequence[Picture] = field(default=())
    cards: Sequence[Card] = field(default=())
    quotes: Sequence[Quote] = field(default=())
    sections: Sequence[Section] = field(default=())


Check = Callable[[Draft], Iterable[Finding]]
CHECKS: list[Check] = []


def check(function: Check) -> Check:
    """Register a check: a function that returns findings and changes nothing."""
    CHECKS.append(function)
    return function


def findings_in(draft: Draft) -> list[Finding]:
    """Return the findings of all checks, problems first."""
    found = [finding for one in CHECKS for finding in one(draft)]
    return sorted(found, key=lambda finding: finding.severity != "problem")
