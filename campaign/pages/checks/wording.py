"""Checks of wording: placeholders, long sentences, capitals and summaries."""

import re
from collections.abc import Iterator

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from campaign.pages.checks.findings import Draft, Finding, check

MAX_WORDS = 40
MIN_CAPITALS = 8
SHOWN = 60
SENTENCE_ENDS = re.compile(r"(?<=[.!?؟۔।…])[\"”’»)]*\s+|\n")
# Languages that are written without spaces between words, so we can't count the words.
WITHOUT_SPACES = ("zh", "ja")
LEFTOVER = re.compile(r"\bTODO\b|\bTBC\b|\bTBD\b|\bFIXME\b|\bX{2,}\b|lorem ipsum|\[\s*(?:…|\.{3})?\s*\]|\?{3,}")
LOREM = re.compile("lorem ipsum", re.IGNORECASE)
PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


def shown(text: str) -> str:
    """Return the beginning of a text, so that organisers recognise it."""
    return Truncator(" ".join(text.split())).chars(SHOWN)


@check
def leftover_placeholders(draft: Draft) -> Iterator[Finding]:
    """Find TODO, XX, […], lorem ipsum and, unless the field may have placeholders, {{ … }}."""
    for piece in draft.pieces:
        text = "\n".join(block.text for block in piece.blocks)
        found = LEFTOVER.search(text) or LOREM.search(text)
        if not found and not piece.has_placeholders:
            found = PLACEHOLDER.search(text)
        if found:
            words = _("%(name)s: “%(text)s” looks like a placeholder that was left behind.")
            yield Finding(words % {"name": piece.name, "text": shown(found[0])}, piece.field, "problem")


@check
def long_sentences(draft: Draft) -> Iterator[Finding]:
    """Find sentences of more than MAX_WORDS words."""
    if draft.language.startswith(WITHOUT_SPACES):
        return
    for piece in draft.pieces:
        sentences = [one for block in piece.blocks for one in SENTENCE_ENDS.split(block.text)]
        for sentence in sentences:
            count = len(sentence.split())
            if count > MAX_WORDS:
                words = _("%(name)s: the sentence that begins “%(text)s” has %(count)s words. Can it be two?")
                values = {"name": piece.name, "text": shown(sentence), "count": count}
                yield Finding(words % values, piece.field)


@check
def capitals(draft: Draft) -> Iterator[Finding]:
    """Find titles and headings in capitals. They are slow to read, and some screen readers spell them out."""
    for piece in draft.pieces:
        headings = [b.text for b in piece.blocks if b.kind.startswith("heading") or piece.kind == "title"]
        for text in headings:
            if sum(character.isupper() for character in text) >= MIN_CAPITALS and text == text.upper():
                words = _("%(name)s: “%(text)s” is all in capitals.")
                yield Finding(words % {"name": piece.name, "text": shown(text)}, piece.field)


@check
def missing_summary(draft: Draft) -> Iterator[Finding]:
    """Find empty summaries."""
    for piece in draft.pieces:
        if piece.kind == "summary" and not piece.text.strip():
            words = _("There is no summary: search engines and shared links have nothing to show under the title.")
            yield Finding(words, piece.field)
