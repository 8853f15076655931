"""The results that a page shows: each object as it is published now, with the text around the words that match."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from campaign.search.folding import folded, origins
from campaign.search.models import BEGIN, END, IndexRow
from campaign.search.registry import KINDS
from campaign.search.words import words_of

SNIPPET = 240  # characters
BEFORE = 80  # characters of the snippet before the first match
PARAGRAPH = " · "  # between two paragraphs
BREAKS = re.compile(r"\s*\n\s*")


@dataclass(frozen=True)
class Result:
    """A published object, and a snippet of its text with the matching words in <mark>."""

    row: Any
    snippet: SafeString

    @property
    def kind(self) -> str:
        """Return the name of its kind, such as "pledge"."""
        return str(self.row._meta.verbose_name)


def visible(found: Iterable[IndexRow]) -> list[IndexRow]:
    """Return the rows of the index whose objects visitors may see now, in the same order.

    This takes one query for each kind of object.
    """
    rows = list(found)
    seen = {(kind, key) for kind, keys in _by_kind(rows) for key in _published(kind, keys).values_list("pk", flat=True)}
    return [one for one in rows if (one.kind, one.object_id) in seen]


def results(found: Iterable[IndexRow], words: str) -> list[Result]:
    """Return a result for each row of the index, in the same order, with its object as it is published now."""
    rows = list(found)
    marked = IndexRow.objects.filter(pk__in=[one.pk for one in rows]).with_marks(words)
    texts = {one.pk: one.marked for one in marked}
    objects = {(kind, row.pk): row for kind, keys in _by_kind(rows) for row in _published(kind, keys)}
    shown = [(one, objects.get((one.kind, one.object_id))) for one in rows]
    return [Result(row, snippet(words_of(row, KINDS[one.kind]), texts.get(one.pk, ""))) for one, row in shown if row]


def _by_kind(rows: Iterable[IndexRow]) -> Iterable[tuple[str, list[int]]]:
    """Return the keys of the rows' objects by kind. Leave out kinds that the code no longer has."""
    keys: dict[str, list[int]] = defaultdict(list)
    for one in rows:
        keys[one.kind].append(one.object_id)
    return ((kind, wanted) for kind, wanted in keys.items() if kind in KINDS)


def _published(kind: str, keys: list[int]) -> Any:
    return KINDS[kind].published().filter(pk__in=keys)


def snippet(text: str, marked: str) -> SafeString:
    """Return a snippet of about SNIPPET characters of a text, as HTML.

    `marked` is the folded text with marks. If it comes from another version, show the beginning of the text, unmarked.
    """
    ranges = _ranges(text, marked)
    begin, end = _window(text, ranges[0][0] if ranges else 0)
    pieces, at = [("", "… ")] if begin else [], begin
    for first, last in ranges:
        if first >= end:
            break
        pieces += [("", text[at:first]), ("mark", text[first : min(last, end)])]
        at = min(last, end)
    pieces += [("", text[at:end]), ("", " …" if end < len(text) else "")]
    return format_html_join("", "{}{}{}", _as_html(pieces))


def _as_html(pieces: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    opening, closing = SafeString("<mark>"), SafeString("</mark>")
    lines = ((tag, BREAKS.sub(PARAGRAPH, text)) for tag, text in pieces)
    return ((opening, text, closing) if tag else ("", text, "") for tag, text in lines)


def _ranges(text: str, marked: str) -> list[tuple[int, int]]:
    """Return the start and end of each match in the text. Adjacent characters make one range."""
    if marked.replace(BEGIN, "").replace(END, "") != folded(text):
        return []
    sources, found, at = origins(text), list[tuple[int, int]](), 0
    begin = 0
    for letter in marked:
        if letter == BEGIN:
            begin = sources[at]
        elif letter == END:
            joins = found and begin <= found[-1][1]
            found.append((found.pop()[0] if joins else begin, sources[at - 1] + 1))
        else:
            at += 1
    return found


def _window(text: str, first: int) -> tuple[int, int]:
    """Return the start and end of a snippet around the character at `first`, between words if possible."""
    begin = max(0, first - BEFORE)
    if begin:
        gap = text.find(" ", begin, first)
        begin = gap + 1 if gap >= 0 else begin
    end = min(len(text), begin + SNIPPET)
    gap = text.rfind(" ", first + 1, end) if end < len(text) else -1
    return begin, gap if gap > begin + SNIPPET // 2 else end
