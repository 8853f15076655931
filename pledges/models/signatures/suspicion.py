"""Why a confirmed signature is held for review: patterns that people don't produce, and nothing else.

It is decided once, when a signature is confirmed: before then anybody may have typed the address, and at that moment
the row still has its traces, even with "count me only". A network, a domain or a family of addresses alone is never a
reason: a stall, a synagogue's wifi, a mobile carrier and Tor are one network each. Choosing "count me only" or a
throw-away address never counts against anybody: people at risk do both.

The numbers come from a simulation, tests/bench/signing/test_suspicion.py; docs/adr/0015 shows its results and says
which bots can't be told apart from people.
"""

from datetime import datetime
from typing import Protocol

from campaign.email_addresses.canonical import canonical
from campaign.email_addresses.own_domains import is_own_domain
from pledges.models.signatures.activity import Counter

# Each limit is for one day and one pledge.
# One in 30 of a mobile carrier's customers may be at one small provider; a firm of 30 whose staff all sign on one day
# has half of them held for review.
MAX_FROM_OWN_DOMAIN = 15
# Three people in 100,000 have johnsmith and digits at one provider, so it takes 300,000 signatures a day to find ten.
MAX_OF_FAMILY = 10
# A network where such patterns are common is a bot's. On a carrier shared by a bot and people they are rare.
MIN_HELD_ON_NETWORK = 3
MIN_SHARE_HELD_ON_NETWORK = 1 / 4


class Traces(Protocol):
    """The parts of a signature that the rule reads."""

    pledge_id: int
    email: str | None
    suspicion: str
    domain_hash: bytes | memoryview | None
    family_hash: bytes | memoryview | None
    network: bytes | memoryview | None


def reason_to_hold(signature: Traces, now: datetime) -> str:
    """Count a signature that is being confirmed at `now` (aware); return its suspicion, or "" for nearly everybody.

    Call it in the transaction that confirms, on a locked row.
    """
    counter, email, suspicion = Counter.for_day(signature.pledge_id, now), signature.email or "", signature.suspicion
    if signature.domain_hash and is_own_domain(email):
        confirmed, _held = counter.add("domain", signature.domain_hash)
        suspicion = suspicion or ("domain" if confirmed > MAX_FROM_OWN_DOMAIN else "")
    if signature.family_hash and _has_letters(email):
        confirmed, _held = counter.add("family", signature.family_hash)
        suspicion = suspicion or ("family" if confirmed > MAX_OF_FAMILY else "")
    if signature.network:
        confirmed, held = counter.add("network", signature.network, held=bool(suspicion))
        suspicion = suspicion or ("network" if _belongs_to_bot(confirmed, held) else "")
    return suspicion


def _belongs_to_bot(confirmed: int, held: int) -> bool:
    """Return whether a network is a bot's, from how many `confirmed` signatures were `held` in their own right.

    Those held only because of their network do not count, or a network could never be trusted again.
    """
    return held >= MIN_HELD_ON_NETWORK and held >= confirmed * MIN_SHARE_HELD_ON_NETWORK


def _has_letters(address: str) -> bool:
    """Return whether there are letters before the @: QQ and telephone numbers naturally differ only in digits."""
    return any(letter.isalpha() for letter in canonical(address).rpartition("@")[0])
