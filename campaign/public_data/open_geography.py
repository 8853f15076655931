"""Finding and fetching the newest directory of postcodes on the Open Geography Portal of the ONS.

The portal keeps its files at ArcGIS Online, in the account `ONSGeography_data`. A search answers with `results`, each
with `id`, `owner`, `type`, `title`, `name` and more (https://developers.arcgis.com/rest/users-groups-and-items/search/).
An error has the status 200 and a key `error`. A whole edition is an item of the type "CSV Collection", such as "ONS
Postcode Directory (August 2026)". User guides and hosted tables have similar titles, but other types. The file is at
`content/items/ID/data` (https://developers.arcgis.com/rest/users-groups-and-items/item-data/), which redirects to
Amazon's storage.
"""

import json
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from campaign.network.downloading import Limits, download
from campaign.network.fetching import FetchError
from campaign.network.patience import agent, ask
from campaign.places.tables import RefusedError

OWNER = "ONSGeography_data"
KIND = "CSV Collection"
ONSPD, NSPL = "ONS Postcode Directory", "National Statistics Postcode Lookup"
TITLE = re.compile(rf"({ONSPD}|{NSPL}) \(([A-Z][a-z]+ \d{{4}})\)(?: for the (?:UK|United Kingdom))?")
ID = re.compile(r"[0-9a-f]{32}")
MAX_RESULTS = 100
ZIP_KINDS = ("application/zip", "application/x-zip-compressed", "application/octet-stream", "binary/octet-stream")
MAX_BYTES = 1_500_000_000
MAX_SECONDS = 60 * 60
# The errors that unexpected JSON causes.
UNEXPECTED = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True)
class Offer:
    """An edition that the portal offers. `month` is the first day of the month in its title."""

    id: str
    title: str
    edition: str
    month: date
    file_name: str

    @property
    def page(self) -> str:
        """Return the address of the page about this edition."""
        return f"{settings.ARCGIS}/home/item.html?id={self.id}"


def newest() -> Offer:
    """Return the newest edition. Of two for the same month, prefer the ONSPD. Raises RefusedError without any."""
    query = f'owner:{OWNER} AND type:"{KIND}" AND (title:"{ONSPD}" OR title:"{NSPL}")'
    options = {"q": query, "num": MAX_RESULTS, "sortField": "modified", "sortOrder": "desc", "f": "json"}
    try:
        results = json.loads(ask(f"{settings.ARCGIS}/sharing/rest/search?{urlencode(options)}"))["results"]
        offers = [offer for result in results if (offer := _offer(result))]
    except FetchError as error:
        raise RefusedError(str(error)) from error
    except UNEXPECTED as error:
        raise RefusedError("The Open Geography Portal gave an answer that we do not understand.") from error
    if not offers:
        raise RefusedError("The Open Geography Portal lists no edition of the postcodes.")
    return max(offers, key=lambda offer: (offer.month, offer.title == ONSPD))


def fetch(offer: Offer, folder: Path) -> Path:
    """Return the .zip file of an edition, downloaded into the folder. Raises RefusedError."""
    path = folder / "postcodes.zip"
    address = f"{settings.ARCGIS}/sharing/rest/content/items/{offer.id}/data"
    try:
        download(address, path, Limits(settings.ARCGIS_HOSTS, ZIP_KINDS, MAX_BYTES, MAX_SECONDS), agent())
    except FetchError as error:
        raise RefusedError(str(error)) from error
    if not zipfile.is_zipfile(path):
        raise RefusedError("The file of postcodes is not a whole .zip file.")
    return path


def month_of(edition: str) -> date | None:
    """Return the first day of a month such as "August 2026", or None for other text."""
    try:
        return datetime.strptime(edition, "%B %Y").date()  # noqa: DTZ007 - a month has no time zone
    except ValueError:
        return None


def _offer(result: dict[str, Any]) -> Offer | None:
    """Return the edition that a result of the search describes, or None if it is anything else."""
    matched = TITLE.fullmatch(result["title"].strip())
    month = month_of(matched[2]) if matched else None
    if not matched or not month or (result["owner"], result["type"]) != (OWNER, KIND) or not ID.fullmatch(result["id"]):
        return None
    return Offer(result["id"], matched[1], matched[2], month, str(result.get("name") or "")[:255])
