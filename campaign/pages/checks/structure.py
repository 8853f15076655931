"""Checks of structure: the order of headings, link texts, and pictures."""

import re
from collections.abc import Iterator
from itertools import groupby

from django.utils.translation import gettext as _

from campaign.documents.blocks import Block
from campaign.pages.checks.findings import Draft, Finding, check
from campaign.pages.checks.wording import shown

EMPTY_HEADING = re.compile(r"<h[23]>(?:\s|&nbsp;|<br>|</?(?:strong|em)>)*</h[23]>")
# Link texts that don't make sense without the words around them (WCAG 2.2, 2.4.4 and 2.4.9).
VAGUE = {
    *("here", "click here", "click", "this", "this link", "link", "more", "read more", "see more", "learn more"),
    *("find out more", "this page", "page", "go", "see here", "continue"),
}
BARE = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
MAX_HEADING = 80
SENTENCE_END = (".", "!", "?", ":", ",", ";", "…", "”")


@check
def order_of_headings(draft: Draft) -> Iterator[Finding]:
    """Find a small heading that comes before any other heading on the page."""
    is_begun = False
    for piece in draft.pieces:
        for block in piece.blocks:
            if block.kind == "heading2":
                is_begun = True
            elif block.kind == "heading3" and not is_begun:
                words = _(
                    "%(name)s: the small heading “%(text)s” has no heading above it. Make it a heading of level 2."
                )
                yield Finding(words % {"name": piece.name, "text": shown(block.text)}, piece.field, "problem")
                is_begun = True


@check
def empty_headings(draft: Draft) -> Iterator[Finding]:
    """Find headings without words. Screen readers still announce them."""
    for piece in draft.pieces:
        if piece.kind == "html" and EMPTY_HEADING.search(piece.text):
            words = _("%(name)s: there is an empty heading. Delete it.")
            yield Finding(words % {"name": piece.name}, piece.field, "problem")


@check
def bold_instead_of_a_heading(draft: Draft) -> Iterator[Finding]:
    """Find short, bold paragraphs. They look like headings, but screen readers don't announce them as headings."""
    for piece in draft.pieces:
        for block in piece.blocks:
            text = block.text.strip()
            is_bold = piece.kind == "html" and all(run.bold for run in block.runs if run.text.strip())
            if block.kind == "paragraph" and is_bold and len(text) <= MAX_HEADING and not text.endswith(SENTENCE_END):
                words = _("%(name)s: “%(text)s” looks like a heading. If it is one, make it a heading.")
                yield Finding(words % {"name": piece.name, "text": shown(text)}, piece.field)


@check
def vague_links(draft: Draft) -> Iterator[Finding]:
    """Find links that say "here" or show a bare address. They don't make sense out of context."""
    for piece in draft.pieces:
        for text in (text for block in piece.blocks for text in _links(block)):
            if text.lower().strip(" .,…»›>→") in VAGUE or (BARE.fullmatch(text) and piece.kind == "html"):
                words = _("%(name)s: the link “%(text)s” doesn’t say where it goes. Link the words that do.")
                yield Finding(words % {"name": piece.name, "text": shown(text)}, piece.field)


@check
def missing_alternative_text(draft: Draft) -> Iterator[Finding]:
    """Find pictures without alternative text that aren't marked as decoration."""
    for picture in draft.pictures:
        if not picture.is_decorative and not picture.alt.strip():
            words = _("A picture has no alternative text. Say what it shows, or mark it as decoration.")
            yield Finding(words, picture.field, "problem")


@check
def quotations_without_a_source(draft: Draft) -> Iterator[Finding]:
    """Find quotations without a source: neither an occasion nor a link."""
    for quote in draft.quotes:
        if not quote.is_sourced:
            words = _(
                "The quotation “%(text)s” has no source. Say when or where it was said, or link to it, so that readers "
                "can check."
            )
            yield Finding(words % {"text": shown(quote.words)}, quote.field)


def _links(block: Block) -> Iterator[str]:
    """Yield the text of each link in a block."""
    for href, runs in groupby(block.runs, key=lambda run: run.href):
        text = "".join(run.text for run in runs).strip()
        if href and text:
            yield text
