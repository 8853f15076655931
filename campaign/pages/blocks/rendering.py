"""The blocks of a page as HTML. Neighbouring blocks of some kinds, such as questions, appear together."""

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
    """Return the HTML of a page's blocks, in order. It needs one query for each kind of object that they show."""
    blocks = page.blocks()
    fill_pictures(blocks)
    fill_embeds(blocks)
    rendered = []
    for kind, neighbours in groupby(blocks, key=type):
        if kind in TOGETHER:
            rendered.append(render_to_string(TOGETHER[kind], {"plugins": list(neighbours), "page": page}))
        else:
            rendered += [render_to_string(TEMPLATES[kind], {"plugin": one, "page": page}) for one in neighbours]
    return rendered
