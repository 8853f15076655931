"""A page as a document to download."""

from django.utils.translation import gettext as _

from campaign.documents import html
from campaign.documents.blocks import Block, Document, Run, heading, paragraph
from campaign.pages.models import Fact, Page, Text


def document(page: Page) -> Document:
    """Return the title, summary and blocks of a page; boxes that ask for a click on the site are left out."""
    blocks = [heading(page.title)]
    if page.summary:
        blocks.append(paragraph(page.summary, italic=True))
    for part in page.blocks():
        if isinstance(part, Text):
            blocks += html.blocks(part.html)
        elif isinstance(part, Fact):
            blocks.append(_fact(part))
    return Document(page.title, tuple(blocks), page.language, page.direction)


def _fact(fact: Fact) -> Block:
    source = _("Source: %(source)s, %(dated)s") % {"source": fact.source, "dated": fact.dated}
    return Block((Run(f"{fact.claim}\n"), Run(source, italic=True, href=fact.url)))
