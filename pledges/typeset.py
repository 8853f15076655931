"""What Typst sets for a pledge: its share picture and its poster.

As in `campaign.documents.pdf`, the words are handed over as data and never read as Typst, and no file but the
templates beside this one and no network is within reach.
"""

import json
import re
import threading
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from campaign.documents import pdf
from campaign.documents.characters import printable

HERE = Path(__file__).resolve().parent
BAND = (settings.BASE_DIR / "static" / "band.svg").read_text(encoding="utf-8")
# A longer word than fits a line in the smallest type may break: the zero-width space says where.
LONG_WORD = re.compile(r"\S{24}(?=\S)")
local = threading.local()


def typeset(template: str, source: Mapping[str, object], *, our_fonts_only: bool, **how: Any) -> bytes:
    """What `template`, a file beside this one, makes of `source`; `how` says the format. The same gives the same.

    Raises typst.TypstError where the format refuses a letter for which there is no font.
    """
    inputs = {"source": json.dumps({**source, "band": BAND})}
    return _compiler(template, our_fonts_only).compile(sys_inputs=inputs, **how)


def _compiler(template: str, our_fonts_only: bool) -> Any:
    """The thread's own compiler of this template, which keeps the fonts read."""
    name = f"{template}, strict" if our_fonts_only else template
    if not hasattr(local, name):
        compiler = typst.Compiler(
            input=str(HERE / template),
            root=str(HERE),
            font_paths=[str(pdf.HERE / "fonts")],
            ignore_system_fonts=our_fonts_only,
            package_path=pdf.NOWHERE,
            package_cache_path=pdf.NOWHERE,
        )
        setattr(local, name, compiler)
    return getattr(local, name)


def words(text: str) -> dict[str, object]:
    """What a template needs to set `text`: what can be shown of it, and whether it runs from right to left."""
    shown = LONG_WORD.sub("\\g<0>\u200b", pdf.UNSEEN.sub("", printable(text)))
    return {"text": shown, "rtl": runs_from_the_right(shown)}


def runs_from_the_right(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left (Unicode Standard Annex 9, rule P2)."""
    directions = map(unicodedata.bidirectional, text)
    return next((found in ("R", "AL") for found in directions if found in ("L", "R", "AL")), False)
