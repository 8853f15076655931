"""Findings about a mailing that is to be sent: problems to put right first, and points to consider."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from campaign.links.fields import HoldsLinks
from campaign.mailings.models import Mailing
from campaign.pages.checks.findings import Card, Draft, Finding, Piece, findings_in
from campaign.pages.models import SiteSettings
from campaign.pages.models.embed import TargetField
from campaign.pages.rich_text import RichTextField
from campaign.text.lookalikes import ordinary

MAX_SUBJECT = 60  # characters: phones cut off longer subjects
MIN_REVEALING = 4
WORD = re.compile(r"\w+")
# Words in a campaign's name and tagline that give nothing away.
COMMON = {
    "about",
    "action",
    "against",
    "call",
    "campaign",
    "from",
    "give",
    "group",
    "have",
    "help",
    "join",
    "more",
    "network",
    "people",
    "sign",
    "stop",
    "support",
    "tell",
    "that",
    "their",
    "them",
    "this",
    "together",
    "what",
    "when",
    "will",
    "with",
    "write",
    "your",
}


def in_the_inbox(mailing: Mailing) -> Iterator[Finding]:
    """Find what an inbox would cut off, and what a phone's lock screen would give away."""
    if len(mailing.subject) > MAX_SUBJECT:
        words = _("The subject is %(count)s characters long. Phones show about %(max)s, so put what matters first.")
        yield Finding(words % {"count": len(mailing.subject), "max": MAX_SUBJECT}, "id_subject")
    revealing = _revealing_words()
    for field in ("subject", "preheader"):
        found = [word for word in WORD.findall(getattr(mailing, field)) if ordinary(word).casefold() in revealing]
        if found:
            words = _(
                "A locked phone shows “%(word)s” to anybody who can see it. That could put a supporter at risk. "
                "Can you leave it out?"
            )
            yield Finding(words % {"word": found[0]}, f"id_{field}")


def in_the_text(mailing: Mailing) -> list[Finding]:
    """Return what the checks of every text find in a saved mailing, such as broken links and placeholders."""
    rows: list[tuple[Any, str]] = [(mailing, "id_")]
    for name in mailing.part_names():
        rows += [(part, f"id_{name}-{place}-") for place, part in enumerate(getattr(mailing, name).all())]
    pieces = [piece for row, prefix in rows for piece in _pieces(row, prefix)]
    cards = [
        Card(f"{prefix}target", row.target) for row, prefix in rows if isinstance(getattr(row, "target", None), str)
    ]
    return findings_in(Draft(pieces, mailing.language, (), cards))


def _pieces(row: Any, prefix: str) -> Iterator[Piece]:
    for field in row._meta.concrete_fields:
        value = getattr(row, field.name, "")
        if isinstance(value, str) and not isinstance(field, TargetField) and not field.choices and field.editable:
            kind = "html" if isinstance(field, RichTextField) else "link" if isinstance(field, HoldsLinks) else "text"
            yield Piece(f"{prefix}{field.name}", str(field.verbose_name), value, kind)  # type: ignore[arg-type]


def _revealing_words() -> set[str]:
    """Return the words of the campaign's name and tagline, in lower case, that say what it is about."""
    site = SiteSettings.current()
    words: Iterable[str] = WORD.findall(ordinary(f"{site.name} {site.short_name} {site.tagline}").casefold())
    return {word for word in words if len(word) >= MIN_REVEALING} - COMMON
