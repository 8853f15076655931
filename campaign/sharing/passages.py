"""Parts that share pictures and posters have in common: passages of text, and the band of silk."""

import re
import unicodedata
from pathlib import Path

from django.conf import settings

from campaign.documents import pdf
from campaign.documents.characters import printable

HERE = Path(__file__).resolve().parent
BAND = (settings.BASE_DIR / "static" / "band.svg").read_text(encoding="utf-8")
# Words too long for a line in the smallest type get zero-width spaces, where they may break.
LONG_WORD = re.compile(r"\S{24}(?=\S)")


def passage(text: str) -> dict[str, object]:
    """Return what a template needs to typeset `text`: the printable characters, and whether they run right to left."""
    shown = LONG_WORD.sub("\\g<0>\u200b", pdf.NO_GLYPH.sub("", printable(text)))
    return {"text": shown, "rtl": is_right_to_left(shown)}


def is_right_to_left(text: str) -> bool:
    """Return whether the first letter with a direction runs from right to left (Unicode Standard Annex 9, rule P2)."""
    directions = map(unicodedata.bidirectional, text)
    return next((strong in ("R", "AL") for strong in directions if strong in ("L", "R", "AL")), False)
