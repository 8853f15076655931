"""The poster of a pledge as PDF: one sheet of A4 to print, tagged for screen readers like our other documents."""

from django.utils.translation import gettext as _

from campaign.documents.package import region
from campaign.documents.pdf import as_pdf
from campaign.pages.models import SiteSettings
from pledges.models import Pledge
from pledges.share.qr import qr_code
from pledges.share.wording import BAND, HERE, words


def write(pledge: Pledge, site: SiteSettings, url: str) -> bytes:
    """The bytes of a .pdf file, in the language that is spoken; `url` is the whole address of the pledge's page."""
    source = {
        "language": pledge.language.partition("-")[0],
        "region": region(pledge.language) or None,
        "rtl": pledge.direction == "rtl",
        "campaign": words(site.name),
        "title": words(pledge.title),
        "summary": words(pledge.summary),
        "heading": words(_("What we demand")),
        "demands": [words(demand.text) for demand in pledge.demands.all()],
        "ask": words(_("Add your name")) if pledge.is_open else None,
        "qr": qr_code(url).decode(),
        "qr_words": words(_("QR code of the address")),
        "url": url,
        "address": url.partition("://")[2].strip("/"),
    }
    return as_pdf(HERE / "poster.typ", source | {"band": BAND})
