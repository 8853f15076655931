"""Structured data about the tracker: a schema.org Dataset with its files and licence."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from actions.businesses.tracker.snapshots import LICENCE_URL

FILES = {"businesses:tracker-csv": "text/csv", "businesses:tracker-json": "application/json"}


def data_set(organiser: str) -> dict[str, Any]:
    """Return the tracker as a schema.org Dataset. `organiser` is the campaign's name."""
    return {
        "@type": "Dataset",
        "name": _("How brands have answered the call by %(organiser)s") % {"organiser": organiser},
        "description": _("Each brand’s answer, whether we have verified it, its date, and the deadline."),
        "url": settings.SITE_URL + reverse("businesses:index"),
        "license": LICENCE_URL,
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": organiser, "url": f"{settings.SITE_URL}/"},
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": settings.SITE_URL + reverse(name)}
            for name, kind in FILES.items()
        ],
    }
