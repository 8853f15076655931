"""Left-to-right lines in a right-to-left document, and the runs that make them up."""

import re
from collections.abc import Iterator
from dataclasses import replace

from campaign.documents.blocks import Block, Document, Run

MARK = "\u200e"
# Right-to-left characters (Unicode Standard Annex 9; DerivedBidiClass.txt), and the right-to-left mark.
RIGHT = "\u200f\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff"
LEFT = rf"[^\W\d_{RIGHT}]|{MARK}"
LINE = re.compile(r"[^\r\n]+")
# A line of an address or a telephone number: letters or digits, none of them right-to-left.
LTR_LINE = re.compile(rf"[^{RIGHT}]*(?:{LEFT}|\d)[^{RIGHT}]*")
# A line that begins and ends with letters needs no marks: the algorithm in Annex 9 then finds its direction by itself.
CLEAR = re.compile(rf"(?:{LEFT})(?:.*(?:{LEFT}|\d))?", re.DOTALL)
LEFT_WORDS = re.compile(rf"(?:{LEFT})(?:[^{RIGHT}\r\n]*(?:{LEFT}|\d))?")
BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"))


def marked(document: Document) -> Document:
    """Return the document with left-to-right marks round each line that has no right-to-left letter.

    Without them, a right-to-left document shows "1 High Street" as "High Street 1", and telephone numbers back to front
    (Annex 9, rules W7 and N1).
    """
    if document.direction != "rtl":
        return document
    return replace(document, blocks=tuple(map(_marked_block, document.blocks)))


def stretches(text: str) -> Iterator[tuple[str, bool]]:
    """Yield stretches of the text, each with whether it runs from right to left. Brackets stay with their contents."""
    place = 0
    for found in LEFT_WORDS.finditer(text):
        end = found.end()
        for opening, closing in BRACKETS:
            if found[0].count(opening) > found[0].count(closing) and text[end : end + 1] == closing:
                end += 1
        if found.start() > place:
            yield text[place : found.start()], True
        yield text[found.start() : end], False
        place = end
    if place < len(text):
        yield text[place:], True


def _marked_block(block: Block) -> Block:
    lines = [line for line in LINE.finditer(block.text) if LTR_LINE.fullmatch(line[0]) and not CLEAR.fullmatch(line[0])]
    if not lines:
        return block
    starts, ends = {line.start() for line in lines}, {line.end() for line in lines}
    runs, place = list[Run](), 0
    for run in block.runs:
        end = place + len(run.text)
        marks = [at - place for at in starts if place <= at < end] + [at - place for at in ends if place < at <= end]
        text = run.text
        for at in sorted(marks, reverse=True):
            text = f"{text[:at]}{MARK}{text[at:]}"
        runs.append(replace(run, text=text))
        place = end
    return replace(block, runs=tuple(runs))
