"""The picture shown where a pledge's address is shared."""

from django.utils import translation
from django.utils.translation import gettext as _

from campaign.pages.models import SiteSettings
from campaign.sharing.picture import TitlePicture
from pledges.models import Pledge


def draw(pledge: Pledge, site: SiteSettings) -> bytes:
    """Return a PNG with the title, count and goal of a pledge loaded `with_count`, in the active language."""
    return _picture(pledge, site).draw()


def version(pledge: Pledge, site: SiteSettings) -> str:
    """Return 12 hexadecimal digits that change whenever the picture of a pledge loaded `with_count` does."""
    with translation.override(pledge.interface_language):
        return _picture(pledge, site).version()


def progress(pledge: Pledge) -> str:
    """Return "1,234 signatures. Goal: 2,000" in the active language."""
    return f"{pledge.count_in_words}. {pledge.goal_in_words}"


def _picture(pledge: Pledge, site: SiteSettings) -> TitlePicture:
    """Return what the picture shows, in the active language."""
    return TitlePicture(
        pledge.language,
        pledge.direction,
        site.name,
        pledge.title,
        progress(pledge),
        ask=_("Add your name") if pledge.is_open else "",
        share=min(pledge.count / pledge.current_goal, 1),
    )
