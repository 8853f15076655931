"""Addresses that we don't write to: their owners asked us not to, messages to them bounced, or they reported spam."""

from collections.abc import Collection
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.email_addresses.canonical import address_hash, canonical, mailbox, mailbox_hash
from campaign.privacy.crypto import keyed_hash


class Reason(models.TextChoices):
    """Why an address is suppressed. A spam report stops only news. The other reasons stop every message."""

    ASKED = "asked", _("its owner asked us never to write again")
    BOUNCED = "bounced", _("a message to it bounced, because there is no such mailbox")
    SPAM = "spam", _("its owner marked our news as spam")


class SuppressedAddressQuerySet(models.QuerySet["SuppressedAddress"]):
    """Queries for suppressed addresses."""

    def of_address(self, address: str) -> Self:
        """Return the rows for a normalised address or its untagged mailbox, for any reason."""
        return self.filter(address_hash__in=_hashes(address))

    def among(self, addresses: Collection[str]) -> set[str]:
        """Return which of the normalised addresses must get no news: those that are suppressed for any reason."""
        hashes = {address: _hashes(address) for address in addresses}
        wanted = self.filter(address_hash__in={hashed for several in hashes.values() for hashed in several})
        found = {bytes(hashed) for hashed in wanted.values_list("address_hash", flat=True)}
        return {address for address in addresses if hashes[address] & found}

    def is_suppressed(self, address: str) -> bool:
        """Return whether a normalised address must get no messages at all: its owner asked us, or they bounce."""
        return self.of_address(address).exclude(reason=Reason.SPAM).exists()

    def bounced(self, address: str) -> None:
        """Suppress a normalised address that doesn't exist, until the row lapses or an organiser deletes it."""
        self.get_or_create(address_hash=_bounce_hash(address), defaults={"reason": Reason.BOUNCED})

    def reported_as_spam(self, address: str) -> None:
        """Stop all news to the mailbox of a normalised address, until the row lapses or an organiser deletes it."""
        self.get_or_create(address_hash=_spam_hash(address), defaults={"reason": Reason.SPAM})

    def temporary(self) -> Self:
        """Return the rows that lapse and that organisers may delete: those for bounces and spam reports."""
        return self.exclude(reason=Reason.ASKED)


class SuppressedAddress(models.Model):
    """An address that we don't write to: its keyed hash, the reason, and since when.

    If the owner asked us, `address_hash` is `mailbox_hash`. Each other reason has a kind of hash of its own, so that a
    bounced news message never matches the hash of somebody who is counted only.
    """

    address_hash = models.BinaryField(max_length=32, unique=True)
    reason = models.CharField(
        _("reason"),
        max_length=8,
        choices=Reason,
        default=Reason.ASKED,
        db_default=Reason.ASKED,
        help_text=_("A bounce stops all messages. Being marked as spam stops only news. Both lapse after six months."),
    )
    since = models.DateField(_("since"), auto_now_add=True)

    objects = SuppressedAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        permissions = [("find_suppressed_address", _("Can look up by e-mail address whether an address is suppressed"))]
        indexes = [models.Index(fields=["reason", "since"], name="suppressed_reason_since")]

    def __str__(self) -> str:
        return f"{self.since}"


def _hashes(address: str) -> set[bytes]:
    asked = {address_hash(address), mailbox_hash(address)}
    return asked | {_bounce_hash(address), _bounce_hash(mailbox(address)), _spam_hash(address)}


def _bounce_hash(address: str) -> bytes:
    """Return the hash of the exact address: at some providers, a single tag of a mailbox may bounce."""
    return keyed_hash(canonical(address), "suppressed.bounced")


def _spam_hash(address: str) -> bytes:
    """Return the hash of the mailbox, because one person reads the messages to all its tags."""
    return keyed_hash(mailbox(address), "suppressed.spam")
