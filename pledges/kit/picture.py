"""The picture that goes with a shared link (Open Graph, ogp.me): 1200 by 630 pixels."""

from pathlib import Path

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import ngettext

from campaign.documents.characters import printable
from campaign.documents.typesetting import typeset
from pledges.models import Pledge

WIDTH, HEIGHT = 1200, 630
HERE = Path(__file__).resolve().parent
LONGEST_TITLE = 140


def png(pledge: Pledge, campaign: str) -> bytes:
    """The picture of a pledge that came `with_count`: whose it is, its title, how many have signed, and the goal."""
    words = ngettext(
        "%(count)s person has signed of %(goal)s", "%(count)s people have signed of %(goal)s", pledge.count
    )
    data = {
        "campaign": printable(campaign),
        "title": printable(shortened(pledge.title)),
        "progress": words % {"count": intcomma(pledge.count), "goal": intcomma(pledge.current_goal)},
        "share": min(pledge.count / pledge.current_goal, 1),
        "rtl": pledge.direction == "rtl",
        "language": pledge.language.partition("-")[0],
    }
    return typeset(HERE / "picture.typ", data, our_fonts_only=False, format="png", ppi=72)


def shortened(title: str) -> str:
    """The title, cut at a word where it is longer than fits."""
    if len(title) <= LONGEST_TITLE:
        return title
    return title[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"
