"""Recognising the network that a request comes from, without keeping its address."""

import hmac
from datetime import datetime
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from campaign.privacy.models import daily_key

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
MAX_HOPS = 10
HOUSEHOLD_BITS = 64  # the bits of an IPv6 address that a provider gives to one customer (RFC 6177)


def network_hash(request: HttpRequest, now: datetime) -> bytes | None:
    """Return 16 bytes that are the same for one network on the day of `now` (aware), and mean nothing afterwards.

    Return None if the address isn't known, or belongs to a network that many people are known to share.
    """
    address = client_address(request)
    if address is None or _is_in(address, tuple(settings.SHARED_NETWORKS)):
        return None
    network = ip_network((address, HOUSEHOLD_BITS), strict=False) if address.version == 6 else ip_network(address)
    return hmac.digest(daily_key(timezone.localdate(now)), str(network).encode(), "sha256")[:16]


def client_address(request: HttpRequest) -> Address | None:
    """Return the address a request comes from: the last that proxies name and that isn't one of our proxies.

    Return None if that can't be determined, or if the request comes from this machine itself. Behind a Unix socket,
    gunicorn gives no address of its own.
    """
    named = request.headers.get("X-Forwarded-For", "").split(",")[-MAX_HOPS:]
    own = request.META.get("REMOTE_ADDR", "")
    for hop in reversed([*named, own] if own else named):
        address = _parse(hop)
        if address is None or not _is_in(address, tuple(settings.TRUSTED_PROXIES)):
            return address
    return None


def is_from_this_machine(request: HttpRequest) -> bool:
    """Return whether a request and every proxy that it came through are on this machine."""
    named = request.headers.get("X-Forwarded-For", "")
    hops = [hop for hop in (request.META.get("REMOTE_ADDR", ""), *(named.split(",") if named else ())) if hop]
    addresses = [_parse(hop) for hop in hops]
    return all(address is not None and address.is_loopback for address in addresses)


def _parse(text: str) -> Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _is_in(address: Address, networks: tuple[str, ...]) -> bool:
    return any(address in network for network in _networks(networks))


@cache
def _networks(texts: tuple[str, ...]) -> list[Network]:
    return [ip_network(text, strict=False) for text in texts]
