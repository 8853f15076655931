"""An A4 poster for stalls and notice boards."""

from pathlib import Path

from django.utils.translation import gettext as _

from campaign.documents.characters import printable
from campaign.documents.package import region
from campaign.documents.pdf import as_pdf
from pledges.kit import qr
from pledges.models import Pledge

HERE = Path(__file__).resolve().parent


def pdf(pledge: Pledge, campaign: str, address: str) -> bytes:
    """One page: title, summary, demands, the address and its QR code. Tagged, and the same at each call."""
    data = {
        "campaign": printable(campaign),
        "title": printable(pledge.title),
        "summary": printable(pledge.summary),
        "demands": [printable(demand.text) for demand in pledge.demands.all()],
        "ask": _("Sign the pledge"),
        "how": _("Point the camera of your phone at the code, or open this address:"),
        "address": address,
        "shown": address.removeprefix("https://").removeprefix("http://").rstrip("/"),
        "code": qr.svg(address).decode(),
        "alt": _("QR code of %(address)s") % {"address": address},
        "rtl": pledge.direction == "rtl",
        "language": pledge.language.partition("-")[0],
        "region": region(pledge.language) or None,
    }
    return as_pdf(HERE / "poster.typ", data)
