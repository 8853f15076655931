"""Turning organisers' HTML into blocks. Everything that `campaign.pages.rich_text` allows can be read."""

import re
from html.parser import HTMLParser

from campaign.documents.blocks import Block, Run

HEADINGS = {"h2": "heading2", "h3": "heading3"}
LISTS = {"ul": "bullet", "ol": "number"}


def blocks(html: str) -> tuple[Block, ...]:
    """Return the blocks of sanitised HTML, in order. The text inside unknown tags is kept."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_block()
    return tuple(reader.blocks)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self.runs: list[Run] = []
        self.lists: list[str] = []
        self.first_item = False
        self.kind = "paragraph"
        self.bold = self.italic = False
        self.href = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in ("p", "li", "blockquote") or tag in HEADINGS or tag in LISTS:
            self.end_block()
        if tag in LISTS:
            self.lists.append(LISTS[tag])
            self.first_item = True
        elif tag == "br":
            self.runs.append(Run("\n", self.bold, self.italic, self.href))
        elif tag == "a":
            self.href = dict(attributes).get("href") or ""
        self._style(tag, on=True)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "li", "blockquote") or tag in HEADINGS or tag in LISTS:
            self.end_block()
        if tag in LISTS and self.lists:
            self.lists.pop()
        elif tag == "a":
            self.href = ""
        self._style(tag, on=False)

    def handle_data(self, data: str) -> None:
        text = re.sub(r"\s+", " ", data)
        if not self.runs or self.runs[-1].text == "\n":
            text = text.lstrip(" ")
        if text:
            self.runs.append(Run(text, self.bold, self.italic, self.href))

    def end_block(self) -> None:
        """Keep what has been read since the last block, unless it is only white space. Ignore a final line break."""
        while self.runs and not self.runs[-1].text.strip():
            self.runs.pop()
        if self.runs:
            in_list = bool(self.lists)
            kind = self.lists[-1] if in_list else self.kind
            restart = in_list and self.first_item
            level = max(len(self.lists) - 1, 0)
            self.blocks.append(Block(tuple(self.runs), kind, level, restart))
            self.first_item = False
        self.runs = []

    def _style(self, tag: str, *, on: bool) -> None:
        if tag in ("strong", "b"):
            self.bold = on
        elif tag in ("em", "i"):
            self.italic = on
        elif tag == "blockquote":
            self.kind = "quote" if on else "paragraph"
        elif tag in HEADINGS:
            self.kind = HEADINGS[tag] if on else "paragraph"
