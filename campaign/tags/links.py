"""Tags in links: adding a tag to an address on this site, and reading the tag in a request."""

import re
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest

from campaign.tags.models import MAX_SLUG, SLUG, Tag

VIA = "via"
WHOLE_SLUG = re.compile(SLUG)


def tagged(url: str, tag: Tag | None) -> str:
    """Return the address with `?via=<slug>` in place of any other tag. Without a tag, return it unchanged.

    Keep the fragment and other parameters. Change only web addresses and paths on this site.
    """
    if tag is None or not _is_ours(url):
        return url
    parts = urlsplit(url)
    others = [one for one in parts.query.split("&") if one and one.partition("=")[0] != VIA]
    return urlunsplit(parts._replace(query="&".join([*others, f"{VIA}={tag.slug}"])))


def slug_in(request: HttpRequest) -> str:
    """Return the tag's slug in the address of the request, or "" if there is none or it can't be a slug."""
    slug = request.GET.get(VIA, "")[: MAX_SLUG + 1].lower()
    return slug if len(slug) <= MAX_SLUG and WHOLE_SLUG.fullmatch(slug) else ""


def _is_ours(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if not parts.scheme and not parts.netloc:
        return parts.path.startswith("/")
    own = urlsplit(settings.SITE_URL)
    return parts.scheme in ("http", "https") and parts.netloc.lower() == own.netloc.lower()
