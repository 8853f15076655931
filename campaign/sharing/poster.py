"""Posters as PDF: one A4 sheet to print, tagged for screen readers like our other documents."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from campaign.documents.package import region
from campaign.documents.pdf import as_pdf
from campaign.sharing.passages import BAND, HERE, passage
from campaign.sharing.qr import qr_code


@dataclass(frozen=True)
class Section:
    """A list under the QR code of a poster, with a heading. Empty items and empty lists are left out."""

    heading: str
    items: Sequence[str]
    numbered: bool = False


@dataclass(frozen=True)
class Poster:
    """The words of a poster about a page.

    `bold` are short lines in large type, such as a date; `lines` follow them in smaller type.
    `url` is the full URL of the page. Lists too long for the sheet continue on another.
    """

    language: str
    direction: str
    campaign: str
    title: str
    url: str
    bold: Sequence[str] = ()
    lines: Sequence[str] = ()
    ask: str = ""
    sections: Sequence[Section] = ()

    def pdf(self) -> bytes:
        """Return the bytes of the PDF. The label of the QR code is in the active language."""
        source = {
            "language": self.language.partition("-")[0],
            "region": region(self.language) or None,
            "rtl": self.direction == "rtl",
            "campaign": passage(self.campaign),
            "title": passage(self.title),
            "bold": _passages(self.bold),
            "lines": _passages(self.lines),
            "ask": passage(self.ask) if self.ask else None,
            "sections": [section for section in map(_section, self.sections) if section["items"]],
            "qr": qr_code(self.url).decode(),
            "qr_label": passage(_("QR code of the address")),
            "url": self.url,
            "address": self.url.partition("://")[2].strip("/"),
        }
        return as_pdf(HERE / "poster.typ", source | {"band": BAND})


def _section(section: Section) -> dict[str, object]:
    return {
        "heading": passage(section.heading),
        "items": _passages(section.items),
        "numbered": section.numbered,
    }


def _passages(texts: Sequence[str]) -> list[dict[str, object]]:
    return [passage(text) for text in texts if text]
