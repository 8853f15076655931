"""Documents as plain text."""

import re

from campaign.documents.blocks import Block, Document, Run
from campaign.documents.characters import printable
from campaign.documents.direction import marked
from campaign.documents.lists import placed

MAX_UNDERLINE = 72
SPACES = re.compile(r"[ \t\r\f\v]+")
UNDERLINES = {"heading1": "=", "heading2": "-"}


def write(document: Document) -> str:
    """Return the document as text, with one line per paragraph and each link's URL in brackets after its text.

    Programs wrap long lines on screen, whereas hard line breaks would remain when the text is pasted elsewhere.
    """
    document = marked(document)
    parts = [_block(place.block, place.number) for place in placed(document.blocks)]
    return "\n\n".join(parts) + "\n"


def _block(block: Block, number: int) -> str:
    text = printable("".join(f"{run.text} ({run.href})" if _hides_url(run) else run.text for run in block.runs))
    if block.kind in UNDERLINES:
        longest = max(map(len, text.split("\n")))
        return f"{text}\n{UNDERLINES[block.kind] * min(longest, MAX_UNDERLINE)}"
    marks = {"bullet": "- ", "number": f"{number}. ", "quote": "> "}
    mark = "  " * block.level + marks.get(block.kind, "")
    following = mark if block.kind == "quote" else " " * len(mark)
    first, *others = (SPACES.sub(" ", line).strip(" ") for line in text.split("\n"))
    return "\n".join([f"{mark}{first}", *(f"{following}{line}".rstrip() for line in others)])


def _hides_url(run: Run) -> bool:
    return bool(run.href) and run.href != run.text
