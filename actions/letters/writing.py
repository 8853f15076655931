"""Turn a visitor's choices and own words into the text and layout of a letter."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from actions.letters.models import Ask, Letter, Point
from actions.letters.placeholders import PROMPTS, fill
from actions.letters.recipients import Recipient
from campaign.documents.blocks import Document, paragraph
from campaign.letters.writing import Pick, by_seed, joined, nth, paragraphs, plain
from campaign.places.models import Constituency


@dataclass(frozen=True)
class Writer:
    """A letter's writer and recipient. Details that are missing or empty become prompts to fill in."""

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
    """Return the plain letter's text with its placeholders filled in."""
    return plain(fill(letter.body, details))


def compose(letter: Letter, choices: Choices, details: Mapping[str, str], pick: Pick) -> str:
    """Compose a letter's text from the choices: opening, points, own words, question and closing."""
    before = [pick("opening", letter.openings()), *(pick(f"point {one.pk}", one.wordings()) for one in choices.points)]
    after = [pick("ask", choices.ask.wordings()), pick("closing", letter.closings())]
    texts = [*(fill(part, details) for part in before), choices.own_words, *(fill(part, details) for part in after)]
    return joined(texts)


def by_writer(writer: Writer) -> Pick:
    """Return a pick that varies between writers, but is always the same for the same name and address."""
    return by_seed(writer.name, writer.address)


def templates(letter: Letter, choices: Choices, writer: Writer) -> list[str]:
    """Return our texts that another letter with the same choices could share with this one.

    They are the plain letter, this letter without its own words, and the same in each alternative wording.
    """
    details, bare = writer.details(), replace(choices, own_words="")
    parts = [letter.openings(), letter.closings(), choices.ask.wordings(), *(one.wordings() for one in choices.points)]
    picks = [by_writer(writer), *(nth(number) for number in range(max(map(len, parts))))]
    return [template(letter, details), *dict.fromkeys(compose(letter, bare, details, pick) for pick in picks)]


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
    """Lay the letter out as an e-mail: without the letterhead, but with the address under the name."""
    blocks = map(paragraph, [*paragraphs(text), writer.address])
    return Document(fill(letter.subject, writer.details()), tuple(blocks), letter.language, letter.direction)


def blank(letter: Letter) -> Document:
    """Lay out the plain letter with prompts in brackets to replace."""
    return document(letter, template(letter, {}), Writer())


def _or_prompt(name: str, details: Mapping[str, str]) -> str:
    return details[name] or str(PROMPTS[name])


def _addressee(letter: Letter, details: Mapping[str, str]) -> str:
    name, body = _or_prompt("mp.display_name", details), letter.recipients
    if body is None:
        return name
    if body.letters_after_name:
        name = _("%(name)s %(letters)s") % {"name": name, "letters": body.letters_after_name}
    return f"{name}\n{body.address}"
