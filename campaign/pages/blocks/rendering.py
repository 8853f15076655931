"""The blocks of a page as HTML. Neighbouring blocks of some kinds, such as questions, are shown together."""

from collections.abc import Iterable
from itertools import groupby

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from campaign.pages.models import (
    Action,
    Block,
    Columns,
    Download,
    Embed,
    Fact,
    Figure,
    GalleryPicture,
    Page,
    PictureBlock,
    Question,
    Quotation,
    Text,
    VideoLink,
)
from campaign.pages.models.embed import fill as fill_embeds
from campaign.pages.models.pictures import fill as fill_pictures

# Each template gets `plugin` (the block) and `page`.
TEMPLATES: dict[type[Block], str] = {
    Text: "pages/blocks/text.html",
    PictureBlock: "pages/blocks/picture.html",
    Quotation: "pages/blocks/quotation.html",
    Action: "pages/blocks/action.html",
    Download: "pages/blocks/download.html",
    Fact: "pages/blocks/fact.html",
    VideoLink: "pages/blocks/video.html",
    Embed: "pages/blocks/embed.html",
    Columns: "pages/blocks/columns.html",
}
# Each template gets `plugins` (neighbouring blocks of this kind) and `page`.
TOGETHER: dict[type[Block], str] = {
    GalleryPicture: "pages/blocks/gallery.html",
    Figure: "pages/blocks/figures.html",
    Question: "pages/blocks/questions.html",
}


def contents(page: Page) -> list[SafeString]:
    """Return the HTML of a page's blocks, in order. This takes one query for each kind of object that they show."""
    return contents_of_all([page])[0]


def contents_of_all(pages: Iterable[Page]) -> list[list[SafeString]]:
    """Return the HTML of each page's blocks, in order, with one query for each kind of object that all of them show."""
    blocks = [(page, page.blocks()) for page in pages]
    everything = [block for _page, of_page in blocks for block in of_page]
    fill_pictures(everything)
    fill_embeds(everything)
    return [_rendered(page, of_page) for page, of_page in blocks]


def _rendered(page: Page, blocks: list[Block]) -> list[SafeString]:
    rendered = []
    for kind, neighbours in groupby(blocks, key=type):
        if kind in TOGETHER:
            rendered.append(render_to_string(TOGETHER[kind], {"plugins": list(neighbours), "page": page}))
        else:
            rendered += [render_to_string(TEMPLATES[kind], {"plugin": one, "page": page}) for one in neighbours]
    return rendered
