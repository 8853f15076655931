"""The only code that reads postcodes as people type them."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import product

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# The forms of a UK postcode, from the Royal Mail's Programmers' Guide to the Postcode Address File,
# edition 7: an outward code of one or two letters, a digit, and perhaps another letter or digit; an inward
# code of a digit and two letters, which are never C, I, K, M, O or V.
POSTCODE = re.compile(r"([A-Z]{1,2})([0-9][A-Z0-9]?)([0-9])([ABD-HJLNP-UW-Z]{2})")
# The rest of an outward code, by the number of letters before it. The same guide says which letters may end it; no
# district of two digits begins with 0.
DISTRICT = {
    1: re.compile(r"[0-9]|[1-9][0-9]|[0-9][A-HJKPSTUW]"),
    2: re.compile(r"[0-9]|[1-9][0-9]|[0-9][ABEHMNPRVWXY]"),
}
LENGTHS = range(5, 8)
LOOK_ALIKES = {"0": "0O", "O": "O0", "1": "1I", "I": "I1"}

# The postcode areas of each nation, and those that cross a border (https://en.wikipedia.org/wiki/List_of_postcode_areas).
AREAS = {
    "E": """AL B BA BB BD BH BL BN BR BS CB CM CO CR CT CV CW DA DE DH DL DN DT DY E EC EN EX FY GU HA HD HG HP HU HX IG
        IP KT L LA LE LN LS LU M ME MK N NG NN NR NW OL OX PE PL PO PR RG RH RM S SE SG SK SL SM SN SO SP SR SS ST SW TA
        TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO""",
    "S": "AB DD EH FK G HS IV KA KW KY ML PA PH ZE",
    "W": "CF SA",
    "N": "BT",
    "EW": "CH GL HR LD LL NP SY",
    "ES": "CA DG NE TD",
    "": "BF BX GY IM JE QC XX",
}
NATIONS = {area: nations for nations, areas in AREAS.items() for area in areas.split()}

NO_MP = _(
    "This postcode is %(place)s, which elects no MP. If you vote in the UK, choose the constituency where you are "
    "registered"
)
NO_PLACE = _("This postcode belongs to an organisation, not to a place. Enter your own, or choose your constituency")
ADVICE = {
    "BF": (_("A BFPO postcode does not show where you vote. Choose the constituency where you are registered"), ""),
    "GY": (NO_MP, _("in Guernsey")),
    "IM": (NO_MP, _("on the Isle of Man")),
    "JE": (NO_MP, _("in Jersey")),
    **dict.fromkeys(("BX", "QC", "XX"), (NO_PLACE, "")),
}
# Text that people enter instead of a postcode, and what to tell them.
SPECIAL = {
    re.compile(r"G[I1]R[0O]AA"): _(
        "GIR 0AA was the postcode of a bank, and nobody lives there. Enter your own postcode"
    ),
    re.compile(r"BFPO[0-9]*"): _("Enter the postcode of your UK address, or your BFPO postcode, which begins with BF1"),
    re.compile(r"(ASCN|BBND|BIQQ|FIQQ|PCRN|SIQQ|STHL|TDCU|TKCA)1ZZ|GX111AA"): _(
        "This postcode is in a British Overseas Territory, outside the United Kingdom. Enter a UK postcode"
    ),
}


class NotAPostcodeError(ValueError):
    """The text is not a UK postcode. The message, in the active language, tells the person what to do."""


def normalise(text: str) -> str:
    """Return the standard form of a postcode, such as "NW3 7UX" for ".nw37ux". Only letters and digits count.

    They may be full-width. If the result isn't a possible postcode, O and 0, or I and 1, are swapped to find one.
    Raises NotAPostcodeError.
    """
    typed = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).upper()))
    for pattern, answer in SPECIAL.items():
        if pattern.fullmatch(typed):
            raise NotAPostcodeError(str(answer))
    reading = next(filter(is_possible, readings(typed)), None)
    if reading is None:
        raise NotAPostcodeError(gettext("Enter a full UK postcode, such as NW3 7UX"))
    return f"{reading[:-3]} {reading[-3:]}"


def is_possible(compact: str) -> bool:
    """Return whether text without spaces has the form of a postcode in an area that exists."""
    found = POSTCODE.fullmatch(compact)
    return bool(found and found[1] in NATIONS and DISTRICT[len(found[1])].fullmatch(found[2]))


def readings(compact: str) -> Iterator[str]:
    """Yield every reading of the text, taking O and 0, and I and 1, for each other.

    At most one is a possible postcode: no position in a postcode allows both characters of a pair.
    """
    letters = (LOOK_ALIKES.get(letter, letter) for letter in compact if len(compact) in LENGTHS)
    return map("".join, product(*letters))


def advice(postcode: str) -> str:
    """Return why a normalised postcode has no constituency and what to do, or "" if it should have one."""
    message, place = ADVICE.get(area(postcode), ("", ""))
    return str(message) % {"place": place}


def area(postcode: str) -> str:
    """Return the letters that a postcode begins with, such as "NW" for "NW3 7UX"."""
    return postcode[:2] if postcode[1:2].isalpha() else postcode[:1]


def outward_code(postcode: str) -> str:
    """Return the half before the space, which identifies a town or part of one, such as "NW3" for "NW3 7UX"."""
    return postcode.split(" ")[0]
