"""Documents as plain text."""

import re
from itertools import pairwise

from campaign.documents.blocks import Block, Document, Run
from campaign.documents.characters import printable
from campaign.documents.direction import marked
from campaign.documents.lists import KINDS, placed

MAX_UNDERLINE = 72
SPACES = re.compile(r"[ \t\r\f\v]+")
UNDERLINES = {"heading1": "=", "heading2": "-"}


def write(document: Document) -> str:
    """Return the document as text, with one line per paragraph and each link's URL in brackets after its text.

    Programs wrap long lines on screen, whereas hard line breaks would remain when the text is pasted elsewhere.
    """
    document = marked(document)
    places = list(placed(document.blocks))
    text = _block(places[0].block, places[0].number) if places else ""
    for before, place in pairwise(places):
        text += ("\n" if _continues(before.block, place.block) else "\n\n") + _block(place.block, place.number)
    return text + "\n"


def _continues(before: Block, block: Block) -> bool:
    """Return whether a block belongs to the same list as the one before it, or to a list inside that one."""
    if before.kind not in KINDS or block.kind not in KINDS:
        return False
    other_kind = before.level == 0 and before.kind != block.kind
    return block.level > 0 or not (block.restart or other_kind)


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
