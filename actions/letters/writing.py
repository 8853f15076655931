"""Turn a visitor's choices and own words into the text and layout of a letter."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from actions.letters.models import Ask, Letter, Point
from actions.letters.placeholders import PROMPTS, fill
from actions.letters.recipients import Recipient
from campaign.documents.blocks import Document, paragraph
from campaign.places.models import Constituency

# Picks a wording, given the part's name and its wordings.
Pick = Callable[[str, Sequence[str]], str]


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
    return fill(letter.body, details).replace("\r\n", "\n").strip()


def compose(letter: Letter, choices: Choices, details: Mapping[str, str], pick: Pick) -> str:
    """Compose a letter's text from the choices: opening, points, own words, question and closing."""
    before = [pick("opening", letter.openings()), *(pick(f"point {one.pk}", one.wordings()) for one in choices.points)]
    after = [pick("ask", choices.ask.wordings()), pick("closing", letter.closings())]
    texts = [*(fill(part, details) for part in before), choices.own_words, *(fill(part, details) for part in after)]
    return "\n\n".join(text.replace("\r\n", "\n").strip() for text in texts if text.strip())


def by_writer(writer: Writer) -> Pick:
    """Return a pick that varies between writers, but is always the same for the same name and address.

    The download therefore matches the preview, without anything being stored in between.
    """
    seed = " ".join(f"{writer.name} {writer.address}".split())

    def pick(part: str, wordings: Sequence[str]) -> str:
        digest = sha256(f"{part}\n{seed}".encode(errors="replace")).digest()
        return wordings[int.from_bytes(digest) % len(wordings)]

    return pick


def longest(part: str, wordings: Sequence[str]) -> str:
    """Pick the longest wording, which leaves a writer the most to add."""
    return max(wordings, key=lambda wording: len(wording.encode()))


def templates(letter: Letter, choices: Choices, writer: Writer) -> list[str]:
    """Return our texts that another letter with the same choices could share with this one.

    They are the plain letter, this letter without its own words, and the same in each alternative wording.
    """
    details, bare = writer.details(), replace(choices, own_words="")
    parts = [letter.openings(), letter.closings(), choices.ask.wordings(), *(one.wordings() for one in choices.points)]
    picks = [by_writer(writer), *(_nth(number) for number in range(max(map(len, parts))))]
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


def paragraphs(text: str) -> list[str]:
    """Split a text into paragraphs at its blank lines."""
    return [part.strip() for part in re.split(r"\n[^\S\n]*\n\s*", text.replace("\r\n", "\n")) if part.strip()]


def _nth(number: int) -> Pick:
    return lambda part, wordings: wordings[number % len(wordings)]


def _or_prompt(name: str, details: Mapping[str, str]) -> str:
    return details[name] or str(PROMPTS[name])


def _addressee(letter: Letter, details: Mapping[str, str]) -> str:
    name, body = _or_prompt("mp.display_name", details), letter.recipients
    if body is None:
        return name
    if body.letters_after_name:
        name = _("%(name)s %(letters)s") % {"name": name, "letters": body.letters_after_name}
    return f"{name}\n{body.address}"
