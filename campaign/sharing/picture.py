"""The picture shown with shared links to a page: 1200 by 630 pixels, which suits Open Graph readers."""

import json
from dataclasses import dataclass
from hashlib import sha256

from campaign.documents.typesetting import typeset
from campaign.sharing.passages import BAND, HERE, passage

WIDTH, HEIGHT = 1200, 630
POINTS_AN_INCH = 72
VERSION_DIGITS = 12
# How long a picture may be kept under the address of its version.
YEAR = 365 * 24 * 60 * 60  # seconds
MIME = "image/png"


@dataclass(frozen=True)
class TitlePicture:
    """The words of a picture: the campaign, a large title, one line below it, and perhaps a button and a bar.

    `share` is how much of the bar is filled, from 0 to 1.
    """

    language: str
    direction: str
    campaign: str
    title: str
    line: str
    ask: str = ""
    share: float | None = None

    def draw(self) -> bytes:
        """Return the picture as a PNG."""
        # Characters that our fonts lack, such as Chinese, come from the machine's fonts, if it has any.
        data = self._source() | {"band": BAND}
        return typeset(HERE / "picture.typ", data, our_fonts_only=False, format="png", ppi=POINTS_AN_INCH)

    def version(self) -> str:
        """Return 12 hexadecimal digits that change whenever the picture does."""
        return sha256(json.dumps(self._source(), sort_keys=True).encode()).hexdigest()[:VERSION_DIGITS]

    def _source(self) -> dict[str, object]:
        """Return the picture's contents in the form that its template needs."""
        return {
            "language": self.language.partition("-")[0],
            "rtl": self.direction == "rtl",
            "campaign": passage(self.campaign),
            "title": passage(self.title),
            "line": passage(self.line),
            "share": self.share,
            "ask": passage(self.ask) if self.ask else None,
        }
