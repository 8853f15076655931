"""A visitor's letter to a brand, made from their choices and their own words. None of it is stored."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from actions.businesses.models import Brand, CallToAction, LetterPoint
from actions.businesses.models.letter import PLACEHOLDERS
from campaign.documents.blocks import Block, Document, paragraph
from campaign.letters.similarity import Likeness, likeness
from campaign.letters.writing import Pick, by_seed, joined, nth, paragraphs


@dataclass(frozen=True)
class Letter:
    """A letter from a visitor to a brand, with the chosen points and the writer's own words."""

    call: CallToAction
    brand: Brand
    today: date
    points: tuple[LetterPoint, ...]
    own_words: str
    name: str = ""
    town: str = ""

    @property
    def details(self) -> dict[str, str]:
        """Return the details for the placeholders. Without a name, the writer is "A customer"."""
        return {
            "brand.name": self.brand.title,
            "sender.name": self.name or _("A customer"),
            "sender.town": self.town,
            "date": date_format(self.today, "j F Y"),
        }

    @property
    def subject(self) -> str:
        """Return the subject of the e-mail."""
        return PLACEHOLDERS.fill(self.call.letter_subject, self.details)

    @property
    def text(self) -> str:
        """Return the text as composed. It is always the same for the same name, town and own words."""
        return self._composed(by_seed(self.name, self.town, self.own_words))

    @property
    def ours(self) -> list[str]:
        """Return our text in each wording. Another letter with the same points could share any of the wordings."""
        bare, most = replace(self, own_words=""), max(len(point.wordings()) for point in self.points)
        return list(dict.fromkeys(bare._composed(nth(number)) for number in range(most)))

    def likeness(self, text: str) -> Likeness:
        """Return how much of an edited text is our wording."""
        return likeness(text, self.ours)

    def on_paper(self, text: str) -> Document:
        """Lay out an edited text for paper: date, addressee, subject and text."""
        head = [paragraph(self.details["date"]), paragraph(self.brand.title), paragraph(self.subject, bold=True)]
        return self._document([*head, *map(paragraph, paragraphs(text))])

    def as_mail(self, text: str) -> Document:
        """Lay out an edited text as an e-mail, which contains only the text."""
        return self._document(map(paragraph, paragraphs(text)))

    def _document(self, blocks: Iterable[Block]) -> Document:
        return Document(self.subject, tuple(blocks), self.call.language, self.call.direction)

    def _composed(self, pick: Pick) -> str:
        ours = [self.call.letter_opening, *(pick(f"point {one.pk}", one.wordings()) for one in self.points)]
        before = [PLACEHOLDERS.fill(text, self.details) for text in ours]
        return joined([*before, self.own_words, PLACEHOLDERS.fill(self.call.letter_closing, self.details)])
