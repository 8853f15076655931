"""Where mailings get their recipients. Each app that knows people who want news registers a source in `SOURCES`.

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
    """One app's list of people who want mailings.

    The key of an audience is the name of its source, such as "pledges.signers", which means everybody in the source. It
    may add a number, such as "pledges.signers:12". `why` is the last sentence of a message: why its reader gets it.
    """

    name: ClassVar[str]  # such as "pledges.signers", at most 40 characters
    for_everybody: ClassVar[bool]  # whether it is part of the audience "everybody who asked for news"
    has_places: ClassVar[bool]  # whether its rows have a constituency; if not, mailings to a place leave it out
    why: ClassVar[Any] = _("You are receiving this message because you asked us for news.")

    def audiences(self) -> list[tuple[str, Any]]:
        """Return the key and label of each audience, such as ("pledges.signers:12", "Signers of … who want news")."""
        raise NotImplementedError

    def recipients(self, key: str, codes: Collection[str] | None) -> Iterable[tuple[UUID, str]]:
        """Yield the row and normalised address of everybody in the audience `key` who wants mailings now.

        `codes` are the codes of the constituencies that the mailing is limited to, or None for everywhere. Read rows in
        batches (`iterator`), in any order. The same person may come several times.
        """
        raise NotImplementedError

    def addresses(self, rows: Collection[UUID]) -> dict[UUID, str]:
        """Return the normalised address of each row whose person still wants mailings, in one query.

        A worker asks this just before sending, so leave out people who have unsubscribed, withdrawn or been erased.
        """
        raise NotImplementedError

    def unsubscribe(self, address: str) -> bool:
        """Record that the owner of a normalised address wants no more mailings. Return whether anything changed."""
        raise NotImplementedError

    def address(self, row: UUID) -> str | None:
        """Return the normalised address of a row, even if its person has unsubscribed, or None once it is erased."""
        raise NotImplementedError

    def person(self, address: str, mailing: int) -> bytes:
        """Return the `person_hash` of an address in a mailing. Mailings to people who want news share the hash."""
        return person_hash(address, None if self.for_everybody else mailing)

    def unsubscribe_row(self, row: UUID) -> bool:
        """Record that the row's person wants no more messages on its subject. Return whether anything changed."""
        address = self.address(row)
        return address is not None and self.unsubscribe(address)


SOURCES: dict[str, Source] = {}
Recipient = tuple[Source, UUID, str]  # a source, the key of one of its rows, and the row's normalised address


def audiences() -> list[tuple[str, Any]]:
    """Return the key and label of every audience that organisers can choose, "everybody" first."""
    return [
        (EVERYBODY, _("Everybody who asked for news")),
        *(each for one in SOURCES.values() for each in one.audiences()),
    ]


def parts_of(audience: str) -> list[tuple[Source, str]]:
    """Return the sources of an audience, each with the key to pass to it. Return [] if the audience is unknown."""
    if audience == EVERYBODY:
        return [(source, source.name) for source in SOURCES.values() if source.for_everybody]
    source = SOURCES.get(audience.partition(":")[0])
    return [(source, audience)] if source else []


def recipients(mailing: Mailing) -> Iterator[tuple[Source, UUID, str]]:
    """Yield the source, row and normalised address of everybody in the mailing's audience. People may come twice.

    If the mailing is limited to a place, leave out sources that don't know where people live.
    """
    codes = mailing.constituency_codes()
    for source, key in parts_of(mailing.audience):
        if codes is None or source.has_places:
            for row, address in source.recipients(key, codes):
                yield source, row, address


def count(mailing: Mailing) -> int:
    """Return how many people would get the mailing if it were sent now. This takes seconds for 100,000 people."""
    return len({person for batch in wanted(recipients(mailing), mailing.pk) for person in batch})


def wanted(found: Iterable[Recipient], mailing: int) -> Iterator[dict[bytes, Recipient]]:
    """Yield batches of a mailing's recipients, by their `Source.person`. Leave out suppressed addresses."""
    rest = iter(found)
    while batch := list(islice(rest, BATCH)):
        suppressed = SuppressedAddress.objects.among([address for _source, _row, address in batch])
        yield {
            source.person(address, mailing): (source, row, address)
            for source, row, address in batch
            if address not in suppressed
        }
