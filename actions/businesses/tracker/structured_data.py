"""What search engines read about the tracker: a data set of schema.org, with its files and its licence."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from actions.businesses.tracker.snapshots import LICENCE_URL

FILES = {"businesses:tracker-csv": "text/csv", "businesses:tracker-json": "application/json"}


def data_set(organiser: str) -> dict[str, Any]:
    """Return the tracker as a data set of schema.org; `organiser` is the name of the campaign."""
    return {
        "@type": "Dataset",
        "name": _("How brands have answered the call of %(organiser)s") % {"organiser": organiser},
        "description": _(
            "Each brand with what it has answered, whether we have verified it, since when, and its deadline."
        ),
        "url": settings.SITE_URL + reverse("businesses:index"),
        "license": LICENCE_URL,
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": organiser, "url": f"{settings.SITE_URL}/"},
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": settings.SITE_URL + reverse(name)}
            for name, kind in FILES.items()
        ],
    }
