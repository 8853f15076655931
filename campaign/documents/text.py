"""Documents as plain text."""

import textwrap

from campaign.documents.blocks import Block, Document, Run
from campaign.documents.characters import printable
from campaign.documents.direction import marked
from campaign.documents.lists import placed

WIDTH = 72
UNDERLINES = {"heading1": "=", "heading2": "-"}


def write(document: Document) -> str:
    """Return the document as text 72 columns wide; a link's URL follows its text in brackets."""
    document = marked(document)
    parts = [_block(place.block, place.number) for place in placed(document.blocks)]
    return printable("\n\n".join(parts)) + "\n"


def _block(block: Block, number: int) -> str:
    text = "".join(f"{run.text} ({run.href})" if _hides_url(run) else run.text for run in block.runs)
    indent = "  " * block.level
    if block.kind in UNDERLINES:
        return f"{text}\n{UNDERLINES[block.kind] * min(len(text), WIDTH)}"
    marks = {"bullet": "- ", "number": f"{number}. ", "quote": "> "}
    mark = indent + marks.get(block.kind, "")
    following = mark if block.kind == "quote" else " " * len(mark)
    return "\n".join(
        textwrap.fill(
            line,
            WIDTH,
            initial_indent=mark if first else following,
            subsequent_indent=following,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for first, line in ((place == 0, line) for place, line in enumerate(text.split("\n")))
    )


def _hides_url(run: Run) -> bool:
    return bool(run.href) and run.href != run.text
