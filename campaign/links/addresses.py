"""Completing the addresses that organisers type for links, and refusing any that browsers can't or mustn't follow."""

import re
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from campaign.email_addresses.parsing import normalise
from campaign.text.invisible import UNSEEN

# https://url.spec.whatwg.org/#concept-basic-url-parser: browsers drop these anywhere, so "java\nscript:" is a script.
DROPPED_BY_BROWSERS = re.compile(r"[\t\r\n]")
ENDS = re.compile(rf"\A[\s{UNSEEN}]+|[\s{UNSEEN}]+\Z")
FORBIDDEN = re.compile(rf"[\s\\{UNSEEN}]")
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
MAIL = re.compile(r"[^\s@/:?#]+@[^\s@/:?#]+\.[^\s@/:?#]+")
HOST = re.compile(r"[^\s/?#:@.]+(?:\.[^\s/?#:@.]+)+(?=[/?#]|$)")
# A file's name isn't a host: "leaflet.pdf" is meant as a path on this site.
FILE = re.compile(r"[^/]*\.(?:pdf|docx?|odt|txt|html?|ics|png|jpe?g)", re.IGNORECASE)
FRAGMENT = re.compile(r"#[^\s#]+")

is_web_address = URLValidator(schemes=["http", "https"])

MESSAGES = {
    "unusable": _("A link can’t point to this address. Choose a page, or enter an address that starts with https://."),
    "scheme": _(
        "A link can start with https:// or mailto:, or with / for a page on this site, but not with “%(scheme)s:”."
    ),
    "spaces": _("An address can’t contain spaces or backslashes."),
    "login": _("Leave out the name and password before the @."),
}


def completed(typed: str) -> str:
    """Return the address with any missing part added: "https://www.example.org" for "www.example.org".

    A mail address gets "mailto:", and an address of this site becomes a path, such as "/letters/". "" stays "".
    Raises ValidationError for anything that isn't a path, a fragment, a web address or a mail address.
    """
    text = ENDS.sub("", DROPPED_BY_BROWSERS.sub("", typed))
    if not text or FRAGMENT.fullmatch(text):
        return text
    if FORBIDDEN.search(text):
        raise refusal("spaces")
    scheme = SCHEME.match(text)
    if scheme:
        return _with_scheme(text, scheme[1].lower())
    if MAIL.fullmatch(text):
        return f"mailto:{normalise(text)}"
    if HOST.match(text) and not FILE.fullmatch(text):
        return _web_address(f"https://{text}")
    return _path(text if text.startswith("/") else f"/{text}")


def refusal(code: str, **words: str) -> ValidationError:
    """Return the error with this code."""
    return ValidationError(MESSAGES[code], code=code, params=words)


def is_path(address: str) -> bool:
    """Return whether the address is a path on this site."""
    return address.startswith("/") and not address.startswith("//")


def is_external(address: str) -> bool:
    """Return whether the address is on another site."""
    return address.startswith(("http://", "https://"))


def _with_scheme(text: str, scheme: str) -> str:
    rest = text.partition(":")[2]
    if scheme == "mailto":
        address, mark, query = rest.partition("?")
        return f"mailto:{normalise(address)}{mark}{query}"
    if scheme not in ("http", "https"):
        raise refusal("scheme", scheme=scheme[:20])
    return _web_address(f"{scheme}://{rest.lstrip('/')}")


def _web_address(address: str) -> str:
    """Return the address, or its path if it is on this site. Raises ValidationError if links can't use it."""
    try:
        is_web_address(address)
        parts = urlsplit(address)
        if parts.username is not None or parts.password is not None:
            raise refusal("login")
    except (ValidationError, ValueError) as error:
        if isinstance(error, ValidationError) and error.code == "login":
            raise
        raise refusal("unusable") from error
    if parts.netloc.lower() == urlsplit(settings.SITE_URL).netloc.lower():
        return _path(urlunsplit(("", "", parts.path or "/", parts.query, parts.fragment)))
    return address


def _path(path: str) -> str:
    if path.startswith("//"):  # a browser would read this as the name of another site
        raise refusal("unusable")
    return path
