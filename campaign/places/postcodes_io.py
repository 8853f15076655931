"""Looking up a postcode in our own table or, if that is allowed, at postcodes.io.

See https://postcodes.io/docs/postcode/lookup/: `result.codes` holds the codes of areas.
"""

from functools import partial
from typing import Any
from urllib.parse import quote

from django.conf import settings

from campaign.places import lookup, postcodes, remote
from campaign.places.models import Constituency, Sector

# The second may be a code of the boundaries before 2024, which is then not one of ours.
CODES = ("parliamentary_constituency_2024", "parliamentary_constituency")


def can_find_postcodes() -> bool:
    """Return whether there is anywhere to look up a postcode."""
    return settings.LIVE_LOOKUPS or Sector.objects.exists()


def find(text: str) -> lookup.Found | None:
    """Return what our own table says about a postcode or, failing that and if allowed, what postcodes.io says.

    Returns None if neither knows it or the service doesn't respond in time. Raises NotAPostcodeError.
    """
    found, postcode = lookup.find(text), postcodes.normalise(text)
    if found is not None or not settings.LIVE_LOOKUPS or postcodes.advice(postcode):
        return found
    code = remote.ask(settings.POSTCODES_IO, f"/postcodes/{quote(postcode)}", partial(_code, postcode))
    constituency = Constituency.objects.filter(pk=code).first()
    return lookup.Found(postcode, constituency, terminated=False) if constituency else None


def _code(postcode: str, answer: Any) -> str:
    """Return the constituency's code, or "" for none. Raises ValueError for a response about another postcode."""
    result = answer["result"]
    code = next((result["codes"][name] for name in CODES if result["codes"].get(name)), "")
    if postcodes.normalise(result["postcode"]) != postcode or not isinstance(code, str):
        raise ValueError("an answer to another question")
    return code
