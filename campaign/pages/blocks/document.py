"""A page as a document to download: the words of its blocks, and links to anything that only the site can show."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from campaign.documents import html
from campaign.documents.blocks import Block, Document, Run, heading, paragraph
from campaign.pages.models import Columns, Download, Embed, Fact, Figure, Page, Question, Quotation, Text, VideoLink
from campaign.pages.models.embed import fill as fill_embeds
from campaign.pages.models.pictures import fill as fill_pictures


def document(page: Page) -> Document:
    """Return the title, summary and blocks of a page.

    The document leaves out pictures, and boxes that ask for a click on the site.
    """
    blocks = [heading(page.title)]
    if page.summary:
        blocks.append(paragraph(page.summary, italic=True))
    parts = page.blocks()
    fill_pictures(parts)
    fill_embeds(parts)
    for part in parts:
        blocks += WRITERS.get(type(part), _nothing)(part)
    return Document(page.title, tuple(blocks), page.language, page.direction)


def _nothing(part: Any) -> Iterable[Block]:
    return ()


def _text(text: Text) -> Iterable[Block]:
    return html.blocks(text.html)


def _columns(columns: Columns) -> Iterable[Block]:
    return [block for text in columns.texts for block in html.blocks(text)]


def _fact(fact: Fact) -> Iterable[Block]:
    return [Block((Run(f"{fact.claim}\n"), _source(fact)))]


def _figure(figure: Figure) -> Iterable[Block]:
    return [Block((Run(figure.number, bold=True), Run(f" {figure.label}\n"), _source(figure)))]


def _source(sourced: Fact | Figure) -> Run:
    text = _("Source: %(source)s, %(dated)s") % {"source": sourced.source, "dated": sourced.dated}
    return Run(text, italic=True, href=sourced.url)


def _quotation(quotation: Quotation) -> Iterable[Block]:
    speaker = ", ".join(filter(None, (quotation.speaker, quotation.about)))
    words = [Run(_("“%(words)s”") % {"words": quotation.words})]
    return [Block((*words, Run(f"\n{speaker}", italic=True, href=quotation.url)) if speaker else tuple(words), "quote")]


def _question(question: Question) -> Iterable[Block]:
    return [paragraph(question.question, bold=True), *html.blocks(question.answer)]


def _download(download: Download) -> Iterable[Block]:
    file = download.document
    if not file:
        return ()
    if file.is_hidden:
        return [paragraph(_("The document that was here is no longer available."))]
    link = Run(f"{file.title} ({file.kind_and_size})", href=settings.SITE_URL + file.download_url)
    return [Block((link, Run(f"\n{download.text}")) if download.text else (link,))]


def _video(video: VideoLink) -> Iterable[Block]:
    title = f"{video.title} ({video.duration})" if video.duration else video.title
    return [Block((Run(_("Video:") + " "), Run(title, href=video.url)))]


def _embed(embed: Embed) -> Iterable[Block]:
    """Return a link to the object, because its card is useless on paper."""
    shown = embed.shown
    return [Block((Run(shown.title, href=settings.SITE_URL + shown.get_absolute_url()),))] if shown else ()


WRITERS: dict[type[Any], Callable[[Any], Iterable[Block]]] = {
    Text: _text,
    Columns: _columns,
    Fact: _fact,
    Figure: _figure,
    Quotation: _quotation,
    Question: _question,
    Download: _download,
    VideoLink: _video,
    Embed: _embed,
}
