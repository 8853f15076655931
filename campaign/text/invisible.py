"""Invisible characters, and how to remove them from names."""

import re
import unicodedata

import idna

# Controls, white space except the plain space, Default_Ignorable_Code_Point (Unicode 17, DerivedCoreProperties.txt),
# interlinear annotations and the empty Braille pattern.
UNSEEN = (
    r"\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f"
    r"\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
INVISIBLE = re.compile(f"[{UNSEEN}]")
# "Ra" in Bengali, as in Rachel, and in Kannada: without a joiner, a virama after it turns it into another letter.
BEFORE_VIRAMA = "\u09b0\u0cb0"
VIRAMA = 9  # its canonical combining class
JOINERS = "\u200c\u200d"
# How many marks may separate two letters for a joiner between them to matter.
NEAR = 8
# Unicode Technical Standard 39, section 5.4, advises against more than four nonspacing marks on one letter, and against
# repeating a mark. No language needs either.
MAX_MARKS = 4


def without_invisible(text: str) -> str:
    """Return the text without invisible characters, except joiners where a script needs them.

    Words in Persian and Indian scripts are misspelt without joiners. RFC 5892, Appendix A.1 and A.2, says where they
    are needed. Bengali and Kannada also need one before a virama (The Unicode Standard, sections 12.2 and 12.8).
    """
    kept: list[str] = []
    for place, character in enumerate(text):
        if not INVISIBLE.match(character) or (character in JOINERS and _joins(kept[-NEAR:], text[place:])):
            kept.append(character)
    return "".join(kept)


def _joins(before: list[str], rest: str) -> bool:
    """Return whether the joiner at the start of `rest` is needed between its neighbours."""
    after = INVISIBLE.sub("", rest[1 : NEAR + 1])
    if before and before[-1] in BEFORE_VIRAMA and unicodedata.combining(after[:1] or " ") == VIRAMA:
        return rest[0] == "\u200d"
    try:
        return idna.valid_contextj("".join([*before, rest[0], after]), len(before))
    except ValueError:  # a neighbour that Unicode has not assigned
        return False


def without_stacked_marks(text: str) -> str:
    """Return the text without marks that are stray, repeated, enclosing, or too many for one letter."""
    kept: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        if category == "Me" or (category == "Mn" and (marks == MAX_MARKS or kept[-1:] in ([], [" "], [character]))):
            continue
        marks = marks + 1 if category == "Mn" else 0
        kept.append(character)
    return "".join(kept)
