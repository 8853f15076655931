"""Text in the characters that HMRC accepts in its Gift Aid schedule.

HMRC deletes every other character without warning: "O’Brien" with a curly apostrophe becomes "OBrien", and a name in
another script disappears. Source: `removeNonWesternCharacters` in
github.com/hmrc/charities-claims-validation, as of 6 July 2026.
"""

import re
import unicodedata

from campaign.forms.names import tidy

TAKEN = re.compile(r"[\x20-\x7e\xa1-\xac\xae-\xff]")  # HMRC's own range, minus the invisible soft hyphen
# Characters used as hyphens that Unicode doesn't class as dashes (Pd): modifier minus, hyphen bullet, minus sign.
MORE_DASHES = "\u02d7\u2043\u2212"
APOSTROPHES = "`´\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u055a\u05f3\u2018\u2019\u201a\u201b\u2032\u2035\ua78b\ua78c"
QUOTATION_MARKS = "\u201c\u201d\u201e\u201f\u2033"
# Latin letters that Unicode doesn't decompose into a plain letter and a mark.
LETTERS = {
    **{"Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "ı": "i", "ĸ": "k", "Ł": "L", "ł": "l", "Ŋ": "Ng", "ŋ": "ng", "Œ": "Oe"},
    **{"œ": "oe", "Ŧ": "T", "ŧ": "t", "ſ": "s", "ẞ": "SS", "Ə": "E", "ə": "e", "Ɓ": "B", "ɓ": "b", "Ɗ": "D", "ɗ": "d"},
    **{"Ƙ": "K", "ƙ": "k", "Ƴ": "Y", "ƴ": "y", "Ɛ": "E", "ɛ": "e", "Ɔ": "O", "ɔ": "o"},
}
REPLACED = str.maketrans(LETTERS | dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys(QUOTATION_MARKS, '"'))


def hmrc_text(text: str) -> str:
    """Return a text in characters that HMRC accepts: "Lukasz O'Brien-Smith" for "Łukasz O’Brien–Smith".

    Accents that HMRC accepts stay. Letters of other scripts are left out, since only the donor knows how to spell them.
    """
    return tidy("".join(_taken(letter) for letter in tidy(text).translate(REPLACED)))


def is_hmrc_text(text: str) -> bool:
    """Return whether every letter and digit in a text has a form that HMRC accepts."""
    return all(hmrc_text(letter) for letter in tidy(text) if letter.isalnum())


def _taken(letter: str) -> str:
    if unicodedata.category(letter) == "Pd" or letter in MORE_DASHES:
        return "-"
    if TAKEN.fullmatch(letter):
        return letter
    plain = "".join(one for one in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(one))
    return "".join(TAKEN.findall(plain.translate(REPLACED)))
