"""A check of an address on another site, which never connects to a machine on our own network.

The name is looked up once, and the connection is made to the very address that was checked. So an attacker gains
nothing from a name that resolves first to a public address and then to a private one (DNS rebinding). Each redirect is
checked in the same way.
"""

import socket
import ssl
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings

from campaign.links.models import Outcome
from campaign.network.fetching import FetchError, within

SECONDS = 15.0
MAX_HOPS = 5
PORTS = {"http": 80, "https": 443}
REDIRECTS = (301, 302, 303, 307, 308)
GONE = (404, 410)
# Statuses that a working site may send to refuse programs.
CLOSED = (401, 402, 403, 405, 406, 418, 429, 451, 503, 999)
# IPv6 addresses that contain an IPv4 address, which may be private (RFC 6052, RFC 3056, RFC 4380).
CARRIERS = [IPv6Network(network) for network in ("64:ff9b::/32", "2002::/16", "2001::/32", "::/96")]
SAFE = "%/:=&?~+!$,;'@()*[]"


class PrivateAddressError(Exception):
    """The address is not on the public internet."""


Found = tuple[Outcome, int | None]


def probe(url: str) -> Found:
    """Return the outcome at an address, after at most MAX_HOPS redirects, and the last status or None."""
    for _hop in range(MAX_HOPS + 1):
        try:
            status, target = _ask("HEAD", url)
            if status >= 400:  # many sites respond wrongly to HEAD
                status, target = _ask("GET", url)
            if status not in REDIRECTS or not target:
                return _judged(status), status
            url = urljoin(url, target)
        except (PrivateAddressError, FetchError, OSError, HTTPException, ValueError) as error:
            return _failure(error), None
    return Outcome.LOOP, None


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether anybody on the internet could reach this address."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address.is_site_local or any(address in network for network in CARRIERS):
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


class _PinnedConnection(HTTPConnection):
    """A connection to the first address of a host, if all the host's addresses are public."""

    def __init__(self, scheme: str, host: str) -> None:
        super().__init__(host, PORTS[scheme], timeout=SECONDS)
        self.scheme = scheme

    def connect(self) -> None:
        """Look the name up once, and connect. Raises PrivateAddressError if any address found for it is private."""
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        if not all(is_public(ip_address(str(address[0]).partition("%")[0])) for *_ignored, address in found):
            raise PrivateAddressError
        family, kind, protocol, _name, address = found[0]
        plain = self.sock = socket.socket(family, kind, protocol)
        plain.settimeout(SECONDS)
        plain.connect(address)
        if self.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


def _ask(method: str, url: str) -> tuple[int, str]:
    """Return the status, and a redirect's target or "", without the body. Raises the errors that `probe` catches."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or parts.port not in (None, PORTS[parts.scheme]) or not parts.hostname:
        raise PrivateAddressError
    host = parts.hostname.encode("idna").decode() if not parts.hostname.isascii() else parts.hostname
    wire = _PinnedConnection(parts.scheme, host)
    target = quote(parts.path or "/", safe=SAFE) + (f"?{quote(parts.query, safe=SAFE)}" if parts.query else "")
    headers = {"User-Agent": f"campaign-hub link check (+{settings.SITE_URL})", "Accept": "*/*", "Connection": "close"}

    def read(_deadline: float) -> tuple[int, str]:
        wire.request(method, target, headers=headers)
        with wire.getresponse() as response:
            return response.status, response.headers.get("Location", "")

    return within(SECONDS, wire, read)


def _judged(status: int) -> Outcome:
    if status in GONE:
        return Outcome.GONE
    if status in CLOSED:
        return Outcome.CLOSED
    return Outcome.SERVER_ERROR if status >= 400 else Outcome.WORKS


def _failure(error: Exception) -> Outcome:
    """Return the outcome for an error, or for the error that caused it."""
    kinds: tuple[tuple[Any, Outcome], ...] = (
        (PrivateAddressError, Outcome.PRIVATE),
        (socket.gaierror, Outcome.NO_SITE),
        (UnicodeError, Outcome.NO_SITE),
        (ssl.SSLError, Outcome.UNSAFE),
    )
    found = error.__cause__ or error
    return next((outcome for kind, outcome in kinds if isinstance(found, kind)), Outcome.NO_ANSWER)
