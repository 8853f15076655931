"""Documents as PDF: tagged for screen readers (PDF/UA-1, ISO 14289-1), with their fonts inside.

Typst sets them, from a wheel that brings all it needs: WeasyPrint would need Pango from the operating system. The
text is handed over as data and is never read as Typst; no file but our own and no network is within reach.
"""

import json
import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typst

from campaign.documents.blocks import Block, Document, Run
from campaign.documents.characters import printable
from campaign.documents.direction import marked
from campaign.documents.lists import List, gather
from campaign.documents.package import region

MIME = "application/pdf"
HERE = Path(__file__).resolve().parent
NOWHERE = str(HERE / "no-packages")
HEADINGS = {"heading1": 1, "heading2": 2, "heading3": 3}
# Characters without a shape, which PDF/UA-1 therefore refuses.
UNSEEN = re.compile("[\x80-\x84\x86-\x9f\ufeff]")
# Typst has no tabs, and takes no longer address (its documentation of `link`).
# A longer word than a line may break: the zero-width space says where.
LONG_WORD = re.compile(r"\S{70}(?=\S)")
TAB = "    "
LONGEST_LINK = 8000
local = threading.local()


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
    inputs = {"document": json.dumps(source)}
    try:
        return _compiler(ours=True).compile(format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"], timestamp=0)
    except typst.TypstError:
        # PDF/UA allows no letter that the fonts lack, such as Chinese: then with the machine's fonts too.
        return _compiler(ours=False).compile(format="pdf", sys_inputs=inputs, timestamp=0)


def _compiler(*, ours: bool) -> Any:
    """The thread's own compiler, which keeps the fonts read: they take longer than a letter."""
    name = "strict" if ours else "lenient"
    if not hasattr(local, name):
        compiler = typst.Compiler(
            input=str(HERE / "document.typ"),
            root=str(HERE),
            font_paths=[str(HERE / "fonts")],
            ignore_system_fonts=ours,
            package_path=NOWHERE,
            package_cache_path=NOWHERE,
        )
        setattr(local, name, compiler)
    return getattr(local, name)


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
        "href": href if len(href.encode()) <= LONGEST_LINK else "",
    }


def _shown(text: str) -> str:
    return LONG_WORD.sub("\\g<0>\u200b", UNSEEN.sub("", printable(text)))
