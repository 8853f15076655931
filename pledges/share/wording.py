"""What the share picture and the poster of a pledge have in common: their words, and the band of silk."""

import re
import unicodedata
from pathlib import Path

from django.conf import settings

from campaign.documents import pdf
from campaign.documents.characters import printable

HERE = Path(__file__).resolve().parent
BAND = (settings.BASE_DIR / "static" / "band.svg").read_text(encoding="utf-8")
# A longer word than fits a line in the smallest type may break: the zero-width space says where.
LONG_WORD = re.compile(r"\S{24}(?=\S)")


def words(text: str) -> dict[str, object]:
    """What a template needs to set `text`: what can be shown of it, and whether it runs from right to left."""
    shown = LONG_WORD.sub("\\g<0>\u200b", pdf.NO_GLYPH.sub("", printable(text)))
    return {"text": shown, "rtl": runs_from_the_right(shown)}


def runs_from_the_right(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left (Unicode Standard Annex 9, rule P2)."""
    directions = map(unicodedata.bidirectional, text)
    return next((found in ("R", "AL") for found in directions if found in ("L", "R", "AL")), False)
