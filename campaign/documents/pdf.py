"""Documents as PDF: tagged for screen readers (PDF/UA-1, ISO 14289-1), with their fonts inside.

Typst sets them, from a wheel that brings all it needs: WeasyPrint would need Pango from the operating system. The
text is handed over as data and is never read as Typst; no file but our own and no network is within reach.
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
# Characters without a shape, which PDF/UA-1 therefore refuses.
UNSEEN = re.compile("[\x80-\x84\x86-\x9f\ufeff]")
# Typst has no tabs, and takes no longer address (its documentation of `link`).
# A longer word than a line may break: the zero-width space says where.
LONG_WORD = re.compile(r"\S{70}(?=\S)")
TAB = "    "
MAX_LINK = 8000


def write(document: Document) -> bytes:
    """The document as the bytes of a .pdf file. The same document gives the same bytes."""
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
    """The PDF that a template of ours makes of the data: PDF/UA-1 as far as our fonts have its letters."""
    try:
        return typeset(template, source, format="pdf", pdf_standards=["ua-1"], timestamp=0)
    except typst.TypstError:
        # PDF/UA allows no letter that the fonts lack, such as Chinese: then with the machine's fonts too.
        return typeset(template, source, our_fonts_only=False, format="pdf", timestamp=0)


def _nodes(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """The blocks for the template. PDF/UA-1, 7.4.2: headings go down by one level at a time, and begin at the first."""
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


def _list(found: List) -> dict[str, Any]:
    items = [{"runs": _runs(item.block), "children": [*map(_list, item.lists)]} for item in found.items]
    return {"kind": "list", "numbered": found.numbered, "items": items}


def _runs(block: Block) -> list[dict[str, Any]]:
    return [_run(run) for run in block.runs] or [_run(Run(""))]


def _run(run: Run) -> dict[str, Any]:
    text = _shown(run.text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", TAB)
    href = UNSEEN.sub("", printable(run.href))
    return {
        "text": text,
        "bold": run.bold,
        "italic": run.italic,
        "href": href if len(href.encode()) <= MAX_LINK else "",
    }


def _shown(text: str) -> str:
    return LONG_WORD.sub("\\g<0>\u200b", UNSEEN.sub("", printable(text)))
