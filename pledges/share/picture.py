"""The picture shown where a pledge's address is shared: 1200 by 630 pixels, which suits Open Graph readers."""

import json
from hashlib import sha256

from django.utils import translation
from django.utils.translation import gettext as _

from campaign.documents.typesetting import typeset
from campaign.pages.models import SiteSettings
from pledges.models import Pledge
from pledges.share.wording import BAND, HERE, passage

WIDTH, HEIGHT = 1200, 630
POINTS_AN_INCH = 72
VERSION_DIGITS = 12


def draw(pledge: Pledge, site: SiteSettings) -> bytes:
    """Return a PNG with the title, count and goal of a pledge loaded `with_count`, in the active language."""
    # Characters that our fonts lack, such as Chinese, come from the machine's fonts, if it has any.
    data = _source(pledge, site) | {"band": BAND}
    return typeset(HERE / "picture.typ", data, our_fonts_only=False, format="png", ppi=POINTS_AN_INCH)


def version(pledge: Pledge, site: SiteSettings) -> str:
    """Return 12 hexadecimal digits that change whenever the picture of a pledge loaded `with_count` does."""
    with translation.override(pledge.interface_language):
        shown = json.dumps(_source(pledge, site), sort_keys=True)
    return sha256(shown.encode()).hexdigest()[:VERSION_DIGITS]


def _source(pledge: Pledge, site: SiteSettings) -> dict[str, object]:
    """Return what the picture shows, in the active language, as its template needs it."""
    return {
        "language": pledge.language.partition("-")[0],
        "rtl": pledge.direction == "rtl",
        "campaign": passage(site.name),
        "title": passage(pledge.title),
        "progress": passage(progress(pledge)),
        "share": min(pledge.count / pledge.current_goal, 1),
        "ask": passage(_("Add your name")) if pledge.is_open else None,
    }


def progress(pledge: Pledge) -> str:
    """Return "1,234 signatures. Goal: 2,000" in the active language."""
    return f"{pledge.count_in_words}. {pledge.goal_in_words}"
