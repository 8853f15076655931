"""Where the recipients of mailings come from. Each app that knows people who want news registers a source in `SOURCES`.

Register it in the app's `AppConfig.ready`: `SOURCES[SignersSource.name] = SignersSource()`.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from campaign.mail.models import SuppressedAddress
from campaign.mailings.models import Mailing
from campaign.mailings.models.delivery import person_hash

BATCH = 1000
EVERYBODY = "everybody"


class Source:
    """One app's list of people who want to hear from us.

    The key of an audience is the source's name, which means everybody in it, such as "pledges.signers", or the name and
    a number, such as "pledges.signers:12". `why` is the last sentence of a message: it says why its reader gets it.
    """

    name: ClassVar[str]  # such as "pledges.signers", at most 40 characters
    for_everybody: ClassVar[bool]  # whether the audience "everybody who asked for news" includes it
    has_places: ClassVar[bool]  # whether its rows know a constituency; if not, a mailing to a place leaves it out
    why: ClassVar[Any] = _("You are receiving this message because you asked us for news.")

    def audiences(self) -> list[tuple[str, Any]]:
        """Return the key and label of each audience, such as ("pledges.signers:12", "Signers of … who want news")."""
        raise NotImplementedError

    def recipients(self, key: str, codes: Collection[str] | None) -> Iterable[tuple[UUID, str]]:
        """Yield the row and normalised address of everyone in the audience `key` who wants this now.

        `codes` are the codes of the constituencies to which the mailing is limited, or None for everywhere. Read rows
        in bounded batches (`iterator`), in any order: the caller copes with the same person several times.
        """
        raise NotImplementedError

    def addresses(self, rows: Collection[UUID]) -> dict[UUID, str]:
        """Return the normalised address of each row whose person still wants this, in one query.

        This is asked just before sending: leave out people who have unsubscribed, withdrawn or been erased since.
        """
        raise NotImplementedError

    def unsubscribe(self, address: str) -> bool:
        """Record that the owner of a normalised address wants no more messages; return whether anything changed."""
        raise NotImplementedError

    def address(self, row: UUID) -> str | None:
        """Return the normalised address of a row, even if its person has unsubscribed; None once it is erased."""
        raise NotImplementedError

    def person(self, address: str, mailing: int) -> bytes:
        """Return the `person_hash` of an address in a mailing: the same in all mailings for people who want news."""
        return person_hash(address, None if self.for_everybody else mailing)

    def unsubscribe_row(self, row: UUID) -> bool:
        """Record that the row's person wants no more messages about its subject; return whether anything changed."""
        address = self.address(row)
        return address is not None and self.unsubscribe(address)


SOURCES: dict[str, Source] = {}
Recipient = tuple[Source, UUID, str]  # with the row and its normalised address


def audiences() -> list[tuple[str, Any]]:
    """Return the key and label of every audience that organisers can choose, "everybody" first."""
    return [
        (EVERYBODY, _("Everybody who asked for news")),
        *(each for one in SOURCES.values() for each in one.audiences()),
    ]


def parts_of(audience: str) -> list[tuple[Source, str]]:
    """Return the sources of an audience, each with the key to pass to it; none if the audience is unknown."""
    if audience == EVERYBODY:
        return [(source, source.name) for source in SOURCES.values() if source.for_everybody]
    source = SOURCES.get(audience.partition(":")[0])
    return [(source, audience)] if source else []


def recipients(mailing: Mailing) -> Iterator[tuple[Source, UUID, str]]:
    """Yield the source, row and normalised address of everyone in the mailing's audience; a person may come twice.

    A mailing that is limited to a place leaves out sources that don't know where people live.
    """
    codes = mailing.constituency_codes()
    for source, key in parts_of(mailing.audience):
        if codes is None or source.has_places:
            for row, address in source.recipients(key, codes):
                yield source, row, address


def count(mailing: Mailing) -> int:
    """Return how many people would get the mailing if it were sent now. It takes a few seconds for 100,000 people."""
    return len({person for batch in wanted(recipients(mailing), mailing.pk) for person in batch})


def wanted(found: Iterable[Recipient], mailing: int) -> Iterator[dict[bytes, Recipient]]:
    """Yield batches of a mailing's recipients by `Source.person`, without suppressed addresses."""
    rest = iter(found)
    while batch := list(islice(rest, BATCH)):
        suppressed = SuppressedAddress.objects.among([address for _source, _row, address in batch])
        yield {
            source.person(address, mailing): (source, row, address)
            for source, row, address in batch
            if address not in suppressed
        }
