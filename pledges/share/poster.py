"""A pledge's poster as a PDF: its demands, and a QR code of its address."""

from django.utils.translation import gettext as _

from campaign.pages.models import SiteSettings
from campaign.sharing.poster import Poster, Section
from pledges.models import Pledge


def write(pledge: Pledge, site: SiteSettings, url: str) -> bytes:
    """Return the bytes of a PDF in the active language; `url` is the full URL of the pledge's page."""
    demands = [demand.text for demand in pledge.demands.all()]
    poster = Poster(
        pledge.language,
        pledge.direction,
        site.name,
        pledge.title,
        url,
        lines=[pledge.summary],
        ask=_("Add your name") if pledge.is_open else "",
        sections=[Section(_("What we demand"), demands, numbered=True)],
    )
    return poster.pdf()
