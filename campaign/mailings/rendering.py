"""Rendering mailings: the subject, and the same content as HTML and as plain text.

The HTML is one table layout of our own. It loads nothing, not even pictures, so nobody learns that a message was
opened. Two markers take the place of what differs from person to person; `filled_in` replaces them.
"""

import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import nh3
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from campaign.documents import html as documents_html
from campaign.documents import text as documents_text
from campaign.documents.blocks import Block, Document, Run
from campaign.links.addresses import is_path
from campaign.mailings.models import MailButton, MailCard, Mailing, MailQuotation, MailText
from campaign.mailings.sources import Source, parts_of
from campaign.mailings.unsubscribing import page_url
from campaign.pages.rich_text import ALLOWED
from campaign.tags.links import tagged
from campaign.tags.models import Tag
from campaign.text.languages import direction

# Each message contains each marker exactly once in the HTML and once in the plain text.
UNSUBSCRIBE_LINK = "[[unsubscribe-link]]"
WHY = "[[why-you-get-this]]"
MARKERS = (UNSUBSCRIBE_LINK, WHY)
MARKER = re.compile("|".join(map(re.escape, MARKERS)))
FONT = "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Noto Sans',sans-serif"
Absolute = Callable[[str], str]


@dataclass(frozen=True)
class Composed:
    """A subject, and a message as HTML and as plain text."""

    subject: str
    html: str
    text: str

    def filled_in(self, link: str, why: str) -> Self:
        """Return the message for one person: with a link to unsubscribe, and a sentence that says why they get it."""
        return type(self)(
            self.subject,
            _replaced(self.html, {UNSUBSCRIBE_LINK: escape(link), WHY: escape(why)}),
            _replaced(self.text, {UNSUBSCRIBE_LINK: link, WHY: why}),
        )


@dataclass(frozen=True)
class Part:
    """One block of a mailing as HTML and as plain text."""

    html: str
    text: str


def compose(mailing: Mailing) -> Composed:
    """Return the message of a mailing: its draft, or the version that it shows (`Versioned.as_version`)."""
    with translation.override(mailing.interface_language):
        word = mailing.sender()["tag"]
        absolute = partial(_absolute, Tag(slug=word) if word else None)
        blocks = mailing.blocks()
        _fill(mailing, blocks)
        # Stand-ins that nobody can have typed. Organisers may have typed the markers themselves.
        stand_ins = {secrets.token_hex(16): marker for marker in MARKERS}
        context = _context(mailing, blocks, absolute) | dict(zip(("unsubscribe", "why"), stand_ins, strict=True))
        html = render_to_string("mailings/mail.html", context)
        text = render_to_string("mailings/mail.txt", context).strip() + "\n"
    return Composed(_one_line(mailing.subject), *(_replaced(_unmarked(one), stand_ins) for one in (html, text)))


def as_example(mailing: Mailing, composed: Composed) -> Composed:
    """Return the message as people in its audience get it, but with a link that unsubscribes nobody."""
    sources = parts_of(mailing.audience)
    with translation.override(mailing.interface_language):
        why = str(sources[0][0].why if sources else Source.why)
    return composed.filled_in(page_url("example"), why)


def opening(mailing: Mailing) -> str:
    """Return the line that a phone shows after the subject: the organisers' own, or one that gives nothing away."""
    return _one_line(mailing.preheader) or _(
        "Here is the news that you asked for. If you no longer want it, open the link at the end of this message and "
        "press the button on the page. You will then get no more."
    )


def _context(mailing: Mailing, blocks: list[Any], absolute: Absolute) -> dict[str, Any]:
    parts = [WRITERS[type(block)](block, mailing, absolute) for block in blocks if not _is_empty(block)]
    site, labels = mailing.sender(), direction(mailing.interface_language)
    return {
        **{"mailing": mailing, "site": site, "parts": parts, "opening": opening(mailing)},
        "subject": _one_line(mailing.subject),
        "address": " · ".join(filter(None, map(str.strip, site["publisher_address"].splitlines()))),
        "page": absolute(_next_page(blocks)),
        "font": SafeString(FONT),  # nosec B703 - a constant  # nosemgrep: hub-safe-markup
        **{"start": _start(mailing.direction), "interface_start": _start(labels)},
        "filler": SafeString("&#847;&zwnj;&nbsp;" * 80),  # nosec B703 - a constant  # nosemgrep: hub-safe-markup
    }


def _start(written: str) -> str:
    return "right" if written == "rtl" else "left"


def _next_page(blocks: Iterable[Any]) -> str:
    """Return the address of the page to read next: the first card's, or the home page."""
    shown = (block.shown for block in blocks if isinstance(block, MailCard) and block.shown)
    return next((url for _title, _summary, url in shown), "/")


def _fill(mailing: Mailing, blocks: Iterable[Any]) -> None:
    """Set what each card says, if visitors may see its target: as published now or, once submitted, as it was then."""
    now = mailing.card_words()
    then = now if mailing.version is None else mailing.cards
    for card in blocks:
        if isinstance(card, MailCard):
            card.shown = then.get(card.target) if card.target in now else None


def _is_empty(block: Any) -> bool:
    return isinstance(block, MailCard) and block.shown is None


# --- Blocks


def styles(direction: str) -> dict[str, str]:
    """Return the style of each tag in a text. Many mail programs ignore style sheets and logical properties."""
    side = "right" if direction == "rtl" else "left"
    return {
        "p": "margin:0 0 16px",
        "h2": "margin:24px 0 8px;font-size:22px;line-height:1.3;font-weight:700",
        "h3": "margin:20px 0 8px;font-size:18px;line-height:1.3;font-weight:700",
        "ul": f"margin:0 0 16px;padding:0;padding-{side}:24px",
        "ol": f"margin:0 0 16px;padding:0;padding-{side}:24px",
        "li": "margin:0 0 8px",
        "blockquote": f"margin:0 0 16px;padding:0;padding-{side}:16px;border-{side}:4px solid #4fb0ea",
        "a": "color:#0b5c8f;text-decoration:underline",
    }


def _text(block: MailText, mailing: Mailing, absolute: Absolute) -> Part:
    styled = nh3.clean(
        block.html,
        **ALLOWED,
        attribute_filter=lambda tag, name, value: absolute(value) if name == "href" else value,
        set_tag_attribute_values={tag: {"style": style} for tag, style in styles(mailing.direction).items()},
    )
    blocks = tuple(_with_addresses(one, absolute) for one in documents_html.blocks(block.html))
    return Part(styled, _written(blocks, mailing))


def _quotation(block: MailQuotation, mailing: Mailing, absolute: Absolute) -> Part:
    words = _("“%(words)s”") % {"words": block.words.strip()}
    speaker = f"\n— {block.speaker.strip()}" if block.speaker.strip() else ""
    context = {"words": words, "speaker": block.speaker.strip(), "styles": styles(mailing.direction)}
    html = render_to_string("mailings/_quotation.html", context)
    return Part(html, _written((Block((Run(f"{words}{speaker}"),), "quote"),), mailing))


def _button(block: MailButton, mailing: Mailing, absolute: Absolute) -> Part:
    url, label = absolute(block.url), _one_line(block.label)
    return Part(render_to_string("mailings/_button.html", {"url": url, "label": label}), f"{label}:\n{url}")


def _card(block: MailCard, mailing: Mailing, absolute: Absolute) -> Part:
    title, summary, address = block.shown
    url, title, summary = absolute(address), _one_line(title), _one_line(summary)
    html = render_to_string("mailings/_card.html", {"url": url, "title": title, "summary": summary})
    return Part(html, "\n".join(filter(None, (title, summary, url))))


WRITERS: dict[type[Any], Callable[[Any, Mailing, Absolute], Part]] = {
    MailText: _text,
    MailQuotation: _quotation,
    MailButton: _button,
    MailCard: _card,
}


def _written(blocks: tuple[Block, ...], mailing: Mailing) -> str:
    """Return blocks as plain text, one line per paragraph. Mail programs wrap the lines to the width of the screen."""
    return documents_text.write(Document("", blocks, mailing.language, mailing.direction)).strip()


def _with_addresses(block: Block, absolute: Absolute) -> Block:
    runs = (Run(run.text, run.bold, run.italic, absolute(run.href) if run.href else "") for run in block.runs)
    return Block(tuple(runs), block.kind, block.level, block.restart)


# --- Addresses and markers


def _absolute(tag: Any, href: str) -> str:
    """Return a link, with our site's address if it has none. Links to our own pages get the mailing's tag."""
    own = href.startswith("#") or is_path(href)
    return tagged(f"{settings.SITE_URL}{'/' if href.startswith('#') else ''}{href}" if own else href, tag)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _unmarked(text: str) -> str:
    """Return the text without any markers that somebody has typed. What replaces them can't form another marker."""
    return MARKER.sub("�", text)


def _replaced(text: str, values: dict[str, str]) -> str:
    """Return the text with each key replaced, in one pass: markers in what is filled in aren't replaced."""
    return re.sub("|".join(map(re.escape, values)), lambda found: values[found[0]], text)
