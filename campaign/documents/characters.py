"""The characters that a document may contain."""

import re

# XML 1.0, section 2.2 (Char): no program opens a file with any other, such as a lone surrogate.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def printable(text: str) -> str:
    """Return the text without the characters that XML forbids."""
    return FORBIDDEN.sub("", text)


def one_line(text: str) -> str:
    """Return the text on one line, without control characters, so that a subject, say, can't end its header."""
    return " ".join(CONTROLS.sub(" ", printable(text)).split())
