"""A letter laid out on paper: who writes, to whom, about what."""

from django.utils.translation import gettext as _

from actions.letters.models import Letter
from actions.letters.placeholders import PROMPTS, prompt
from campaign.documents.blocks import Document, paragraph

HOUSE = "House of Commons\nLondon\nSW1A 0AA"


def blank(letter: Letter) -> Document:
    """The letter as a template, with words in brackets to replace."""
    sender = f"{PROMPTS['sender.name']}\n{PROMPTS['sender.address']}"
    member = _("%(name)s MP") % {"name": PROMPTS["mp.name"]}
    blocks = (
        paragraph(sender),
        paragraph(str(PROMPTS["date"])),
        paragraph(f"{member}\n{HOUSE}"),
        paragraph(prompt(letter.subject), bold=True),
        *map(paragraph, letter.paragraphs()),
    )
    return Document(letter.title, blocks, letter.language, letter.direction)
