"""The list of contents of a long page, and anchors on the headings that it links to."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import slugify

MIN_HEADINGS = 4
MAX_ANCHOR = 60
# In cleaned text, headings have no attributes.
HEADING = re.compile(r"<h([23])>(.*?)</h\1>", re.DOTALL)


@dataclass(frozen=True)
class Heading:
    """A heading to link to: its anchor and its words."""

    anchor: str
    words: str


def listed(headings: list[Heading]) -> list[Heading]:
    """Return the headings, or [] if there are too few of them for a list of contents."""
    return headings if len(headings) >= MIN_HEADINGS else []


def with_anchors(fragments: Iterable[str]) -> tuple[list[SafeString], list[Heading]]:
    """Return the HTML with an anchor on each h2 and h3, and the list of contents.

    The list has only the h2 headings. An anchor is made from its heading's words, so links to it still work after other
    headings have changed. Headings with the same words are numbered.
    """
    taken: set[str] = set()
    headings: list[Heading] = []

    def with_anchor(match: re.Match[str]) -> str:
        level, inside = match.groups()
        words = " ".join(unescape(strip_tags(inside)).split())
        anchor = _unused(words, taken)
        if words and level == "2":
            headings.append(Heading(anchor, words))
        return f'<h{level} id="{anchor}">{inside}</h{level}>'

    # The fragments were cleaned, and an anchor contains no character with a meaning in HTML.
    html = [SafeString(HEADING.sub(with_anchor, one)) for one in fragments]  # nosec B703  # nosemgrep: hub-safe-markup
    return html, listed(headings)


def _unused(words: str, taken: set[str]) -> str:
    """Return an anchor for these words that isn't in `taken`, and add it. The prefix keeps it apart from other ids."""
    first = f"part-{slugify(words, allow_unicode=True)[:MAX_ANCHOR]}".strip("-")
    anchor, number = first, 1
    while anchor in taken:
        number += 1
        anchor = f"{first}-{number}"
    taken.add(anchor)
    return anchor
