"""A pledge's poster as a PDF: one A4 sheet to print, tagged for screen readers like our other documents."""

from django.utils.translation import gettext as _

from campaign.documents.package import region
from campaign.documents.pdf import as_pdf
from campaign.pages.models import SiteSettings
from pledges.models import Pledge
from pledges.share.qr import qr_code
from pledges.share.wording import BAND, HERE, passage


def write(pledge: Pledge, site: SiteSettings, url: str) -> bytes:
    """Return the bytes of a PDF in the active language; `url` is the full URL of the pledge's page."""
    source = {
        "language": pledge.language.partition("-")[0],
        "region": region(pledge.language) or None,
        "rtl": pledge.direction == "rtl",
        "campaign": passage(site.name),
        "title": passage(pledge.title),
        "summary": passage(pledge.summary),
        "heading": passage(_("What we demand")),
        "demands": [passage(demand.text) for demand in pledge.demands.all()],
        "ask": passage(_("Add your name")) if pledge.is_open else None,
        "qr": qr_code(url).decode(),
        "qr_label": passage(_("QR code of the address")),
        "url": url,
        "address": url.partition("://")[2].strip("/"),
    }
    return as_pdf(HERE / "poster.typ", source | {"band": BAND})
