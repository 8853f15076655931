"""Writing a letter, from what a visitor chose and wrote to the finished text and document."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from actions.letters.models import Ask, Letter, Point
from actions.letters.placeholders import PROMPTS, fill
from actions.letters.recipients import Recipient
from campaign.documents.blocks import Document, paragraph
from campaign.places.models import Constituency


@dataclass(frozen=True)
class Writer:
    """The writer of a letter and its recipient. Empty or missing details become prompts to fill in."""

    name: str = ""
    address: str = ""
    constituency: Constituency | None = None
    recipient: Recipient | None = None
    today: date | None = None

    def details(self) -> dict[str, str]:
        """Return the details for the letter's placeholders."""
        return {
            "date": date_format(self.today, "j F Y") if self.today else "",
            "sender.name": self.name,
            "sender.address": self.address,
            "mp.display_name": self.recipient.display_name if self.recipient else "",
            "mp.salutation": self.recipient.dear if self.recipient else "",
            "constituency.name": self.constituency.name if self.constituency else "",
        }


@dataclass(frozen=True)
class Choices:
    """A visitor's choices, and what they added in their own words."""

    points: tuple[Point, ...]
    ask: Ask
    own_words: str = ""


def template(letter: Letter, details: Mapping[str, str]) -> str:
    """Return the text of the plain letter, with its placeholders filled in."""
    return fill(letter.body, details).replace("\r\n", "\n").strip()


def compose(letter: Letter, choices: Choices, details: Mapping[str, str]) -> str:
    """Compose a letter's text from the choices: opening, points, own words, question and closing."""
    points = (point.text for point in choices.points)
    parts = [letter.opening, *points, None, choices.ask.text, letter.closing]
    texts = [choices.own_words if part is None else fill(part, details) for part in parts]
    return "\n\n".join(text.replace("\r\n", "\n").strip() for text in texts if text.strip())


def document(letter: Letter, text: str, writer: Writer) -> Document:
    """Lay the letter out for paper: sender, date, addressee, subject and text."""
    details = writer.details()
    blocks = (
        paragraph(f"{_or_prompt('sender.name', details)}\n{_or_prompt('sender.address', details)}"),
        paragraph(_or_prompt("date", details)),
        paragraph(_addressee(letter, details)),
        paragraph(fill(letter.subject, details), bold=True),
        *map(paragraph, paragraphs(text)),
    )
    return Document(fill(letter.subject, details), blocks, letter.language, letter.direction)


def message(letter: Letter, text: str, writer: Writer) -> Document:
    """Lay the letter out as an e-mail: without the letterhead, and with the address under the name."""
    blocks = map(paragraph, [*paragraphs(text), writer.address])
    return Document(fill(letter.subject, writer.details()), tuple(blocks), letter.language, letter.direction)


def blank(letter: Letter) -> Document:
    """Lay out the plain letter with prompts in brackets to replace."""
    return document(letter, template(letter, {}), Writer())


def paragraphs(text: str) -> list[str]:
    """Split a text at its empty lines."""
    return [part.strip() for part in re.split(r"\n[^\S\n]*\n\s*", text.replace("\r\n", "\n")) if part.strip()]


def _or_prompt(name: str, details: Mapping[str, str]) -> str:
    return details[name] or str(PROMPTS[name])


def _addressee(letter: Letter, details: Mapping[str, str]) -> str:
    name, body = _or_prompt("mp.display_name", details), letter.recipients
    if body is None:
        return name
    if body.letters_after_name:
        name = _("%(name)s %(letters)s") % {"name": name, "letters": body.letters_after_name}
    return f"{name}\n{body.address}"
