"""Documents as PDF, tagged for screen readers (PDF/UA-1, ISO 14289-1), with embedded fonts.

Typst typesets them. Its wheel contains all it needs, whereas WeasyPrint would need Pango from the operating system. The
text is passed as data, and never read as Typst source. Typst can't reach the network or any files but our own.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typst

from campaign.documents.blocks import Block, Document, Run
from campaign.documents.characters import printable
from campaign.documents.direction import marked
from campaign.documents.lists import List, gather
from campaign.documents.package import region
from campaign.documents.typesetting import typeset

MIME = "application/pdf"
TEMPLATE = Path(__file__).resolve().with_name("document.typ")
HEADINGS = {"heading1": 1, "heading2": 2, "heading3": 3}
# Characters without a glyph, which PDF/UA-1 therefore forbids.
NO_GLYPH = re.compile("[\x80-\x84\x86-\x9f\ufeff]")
# A zero-width space says where a word longer than a line may break.
LONG_WORD = re.compile(r"\S{70}(?=\S)")
TAB = "    "  # Typst has no tabs
MAX_LINK = 8000  # bytes; Typst accepts no more (its documentation of `link`)


def write(document: Document) -> bytes:
    """Return the document as the bytes of a .pdf file. The same document gives the same bytes."""
    document = marked(document)
    source = {
        "title": _shown(document.title) or " ",
        "language": document.language.partition("-")[0],
        "region": region(document.language) or None,
        "rtl": document.direction == "rtl",
        "nodes": _nodes(document.blocks),
    }
    return as_pdf(TEMPLATE, source)


def as_pdf(template: Path, source: dict[str, Any]) -> bytes:
    """Return the PDF that one of our templates makes from the data: PDF/UA-1 if our fonts have all the letters."""
    try:
        return typeset(template, source, format="pdf", pdf_standards=["ua-1"], timestamp=0)
    except typst.TypstError:
        # PDF/UA forbids letters that the fonts lack, such as Chinese. Make a plain PDF instead, with the machine's
        # fonts too.
        return typeset(template, source, our_fonts_only=False, format="pdf", timestamp=0)


def _nodes(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """Return the nodes for the template. Headings start at level 1 and go down one at a time (PDF/UA-1, 7.4.2)."""
    nodes, level = list[dict[str, Any]](), 0
    for node in gather(blocks):
        if isinstance(node, List):
            nodes.append(_list(node))
        elif node.kind in HEADINGS and _shown(node.text).strip():
            level = min(HEADINGS[node.kind], level + 1)
            nodes.append({"kind": "heading", "level": level, "runs": _runs(node)})
        else:
            nodes.append({"kind": "quote" if node.kind == "quote" else "paragraph", "runs": _runs(node)})
    return nodes


def _list(node: List) -> dict[str, Any]:
    items = [{"runs": _runs(item.block), "children": [*map(_list, item.lists)]} for item in node.items]
    return {"kind": "list", "numbered": node.numbered, "items": items}


def _runs(block: Block) -> list[dict[str, Any]]:
    return [_run(run) for run in block.runs] or [_run(Run(""))]


def _run(run: Run) -> dict[str, Any]:
    text = _shown(run.text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", TAB)
    href = NO_GLYPH.sub("", printable(run.href))
    return {
        "text": text,
        "bold": run.bold,
        "italic": run.italic,
        "href": href if len(href.encode()) <= MAX_LINK else "",
    }


def _shown(text: str) -> str:
    return LONG_WORD.sub("\\g<0>\u200b", NO_GLYPH.sub("", printable(text)))
