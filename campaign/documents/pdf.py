"""Documents as PDF: tagged for screen readers (PDF/UA-1, ISO 14289-1), with their fonts inside.

Typst sets them, from a wheel that brings all it needs: WeasyPrint would need Pango from the operating system. The
text is handed over as data and is never read as Typst; no file but our own and no network is within reach.
"""

import json
import threading
from pathlib import Path
from typing import Any

import typst

from campaign.documents.blocks import Block, Document, Run
from campaign.documents.characters import printable

MIME = "application/pdf"
HERE = Path(__file__).resolve().parent
NOWHERE = str(HERE / "no-packages")
HEADINGS = {"heading1": 1, "heading2": 2, "heading3": 3}
local = threading.local()


def write(document: Document) -> bytes:
    """The document as the bytes of a .pdf file. The same document gives the same bytes."""
    language, _, region = document.language.partition("-")
    source = {
        "title": printable(document.title) or " ",
        "language": language,
        "region": region.upper() or None,
        "rtl": document.direction == "rtl",
        "nodes": _nodes(list(document.blocks)),
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


def _nodes(blocks: list[Block]) -> list[dict[str, Any]]:
    """The blocks, with items that follow one another gathered into lists, one in another by their level."""
    nodes: list[dict[str, Any]] = []
    while blocks:
        block = blocks[0]
        if block.kind in ("bullet", "number"):
            nodes.append(_list(blocks, block.level))
        else:
            kind = "heading" if block.kind in HEADINGS else block.kind
            nodes.append({"kind": kind, "level": HEADINGS.get(block.kind, 0), "runs": _runs(block)})
            blocks.pop(0)
    return nodes


def _list(blocks: list[Block], level: int) -> dict[str, Any]:
    """The list that begins here, taken from the blocks."""
    kind = blocks[0].kind
    items: list[dict[str, Any]] = []
    while blocks and blocks[0].kind in ("bullet", "number") and blocks[0].level >= level:
        block = blocks[0]
        if block.level > level and items:
            items[-1]["children"].append(_list(blocks, block.level))
        elif items and (block.kind != kind or block.restart):
            break
        else:
            items.append({"runs": _runs(blocks.pop(0)), "children": []})
    return {"kind": "list", "numbered": kind == "number", "items": items}


def _runs(block: Block) -> list[dict[str, Any]]:
    return [_run(run) for run in block.runs] or [_run(Run(""))]


def _run(run: Run) -> dict[str, Any]:
    text = printable(run.text).replace("\r\n", "\n").replace("\r", "\n")
    return {"text": text, "bold": run.bold, "italic": run.italic, "href": printable(run.href)}
