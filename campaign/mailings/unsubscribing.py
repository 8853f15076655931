"""Links to unsubscribe, and the headers that let mail programs do it with one click.

A link's token names a row of a source. It doesn't contain an address. It is signed with the hash key, which never
changes, so it works for years. It works without deliveries, which are erased after a month.
"""

import hmac
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from campaign.email_addresses.canonical import mailbox_hash
from campaign.mail.models import SuppressedAddress
from campaign.mailings.models import Delivery
from campaign.mailings.sources import SOURCES
from campaign.privacy.crypto import keyed_hash
from campaign.privacy.erasures import Erasure, record

SEAL_BYTES = 16
UUID_BYTES = 16
NO_PLEDGE = "0"  # in the place of a pledge in the journal of erasures


@dataclass(frozen=True)
class Link:
    """The row of a source for which somebody got a message, as a token names it. It may have been deleted since."""

    source: str
    row: UUID

    @property
    def is_for_everybody(self) -> bool:
        """Return whether the link stops all news, rather than messages about one thing, such as a protest."""
        source = SOURCES.get(self.source)
        return source is None or source.for_everybody

    @property
    def address(self) -> str | None:
        """Return the address that the message went to, or None if we no longer hold it.

        If the row has been erased, a delivery of the last 30 days may lead to another row of the same person: people
        who have withdrawn a signature may still get news as a subscriber.
        """
        rows = [(self.source, self.row), *Delivery.objects.rows_of_same_person(self.source, self.row)]
        found = (SOURCES[source].address(row) for source, row in rows if source in SOURCES)
        return next(filter(None, found), None)

    @transaction.atomic
    def unsubscribe(self) -> None:
        """Stop what the message was about, for the person who got it. Doing so twice does no harm.

        If it was news, stop news from every source. A worker skips what is already queued, because it asks the sources
        again just before sending.
        """
        if not self.is_for_everybody:
            SOURCES[self.source].unsubscribe_row(self.row)
        elif address := self.address:
            stop_news(address)
        # Last, as for a spam report. Many mail programs send both at once: each must lock rows in this order.
        Delivery.objects.unsubscribed(self.source, self.row)

    @transaction.atomic
    def suppress(self, now: datetime) -> bool:
        """Never write to the mailbox again, from `now` (aware). Return False if we no longer hold the address."""
        address = self.address
        self.unsubscribe()
        if address is None:
            return False
        stop_news(address)
        hashed = mailbox_hash(address)
        SuppressedAddress.objects.get_or_create(address_hash=hashed)
        record(Erasure(now, "never", NO_PLEDGE, hashed))
        return True


def stop_news(address: str) -> None:
    """Stop all news from every source to a normalised address. Call it in a transaction."""
    for source in SOURCES.values():
        if source.for_everybody:
            source.unsubscribe(address)


def token(source: str, row: UUID) -> str:
    """Return the secret in the links of a message to a row of a source: about 60 letters, digits, - and _."""
    named = row.bytes + source.encode()
    return urlsafe_b64encode(_seal(named) + named).decode().rstrip("=")


def read_token(token: str) -> Link | None:
    """Return the link that a token stands for, or None if we didn't make it."""
    try:
        held = b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
        seal, named = held[:SEAL_BYTES], held[SEAL_BYTES:]
        if hmac.compare_digest(seal, _seal(named)):
            return Link(named[UUID_BYTES:].decode("ascii"), UUID(bytes=named[:UUID_BYTES]))
    except ValueError:  # it isn't base64 or isn't ASCII
        pass
    return None


def page_url(token: str) -> str:
    """Return the URL of the page on which people stop the messages."""
    return settings.SITE_URL + reverse("news:unsubscribe", args=[token])


def headers(token: str) -> dict[str, str]:
    """Return the headers that make mail programs offer to unsubscribe (RFC 2369 and RFC 8058).

    RFC 8058 requires an https address, which SITE_URL is in production. DKIM has to cover both headers: the mail server
    signs them (docs/operators.md).
    """
    return {"List-Unsubscribe": f"<{page_url(token)}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _seal(named: bytes) -> bytes:
    return keyed_hash(named.hex(), "mailings.unsubscribe")[:SEAL_BYTES]
