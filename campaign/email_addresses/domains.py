"""Domains of e-mail addresses: corrections for mistyped ones, and providers of throwaway addresses.

Nothing here changes an address or contacts another machine: it only suggests what to ask the person who typed the
address.
"""

from functools import lru_cache, partial
from pathlib import Path

from disposable_email_domains import blocklist
from rapidfuzz.distance.OSA import distance

from campaign.email_addresses.canonical import domain


def _listed(file: str) -> tuple[str, ...]:
    """Return the domains in a file beside this one, in order. The file says what they are, and gives their source."""
    lines = Path(__file__).with_name(file).read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


PROVIDERS = _listed("mail-providers.txt")
KNOWN = frozenset(PROVIDERS)
NEVER_QUESTIONED = KNOWN | frozenset(_listed("real-neighbours.txt"))

# Endings that don't exist (data.iana.org/TLD/tlds-alpha-by-domain.txt, 3 October 2026), and what people mean by them.
# .co isn't among them, because it is Colombia's. gmail.co is still found, because it is one letter short of gmail.com.
ENDINGS = (
    dict.fromkeys(("con", "cmo", "ocm", "vom", "xom", "cpm", "clm", "cok", "comm", "coom", "ccom"), "com")
    | dict.fromkeys(("couk", "cuk"), "co.uk")
    | dict.fromkeys(("ogr", "rog", "orgg"), "org")
    | dict.fromkeys(("nte", "ent", "nett"), "net")
)
# Not typing errors: Google's addresses end in .com in Britain too (support.google.com/mail/answer/10313).
MISTAKEN = {"gmail.co.uk": "gmail.com", "googlemail.co.uk": "googlemail.com"}

# A domain of eleven letters or more (hotmail.com) is recognisable with two typing errors. Names shorter than eight
# letters (sky.com) or in digits (163.com) have real neighbours, so the error must be in the ending.
LONG, SHORT = 11, 8
COUNTRY = 2  # letters in a country's ending, such as .ie
MAX_ERRORS = {provider: 2 if len(provider) >= LONG else 1 for provider in PROVIDERS}
SURE_NAMES = {provider for provider in PROVIDERS if len(provider) < SHORT or provider[0].isdigit()}


def suggestion(address: str) -> str | None:
    """Return the address probably meant, such as "Ruth@gmail.com" for "Ruth@gmial.com", or None if it looks right."""
    typed = domain(address)
    meant = _meant(typed)
    return None if meant == typed else f"{address.rpartition('@')[0]}@{meant}"


def is_disposable(address: str) -> bool:
    """Return whether its domain, or one above it, belongs to a provider of throwaway addresses."""
    parts = domain(address).split(".")
    return any(".".join(parts[start:]) in blocklist for start in range(len(parts)))


@lru_cache(maxsize=4096)
def _meant(typed: str) -> str:
    """Return the provider's domain that was probably meant, or the domain itself."""
    head, _dot, ending = typed.rpartition(".")
    corrected = MISTAKEN.get(typed) or (f"{head}.{ENDINGS[ending]}" if ending in ENDINGS else typed)
    if corrected in NEVER_QUESTIONED:  # nearly always, so there is nothing to compare
        return corrected
    near = [provider for provider in PROVIDERS if _is_near(corrected, provider)]
    return min(near, key=partial(distance, corrected), default=corrected)


def _is_near(typed: str, provider: str) -> bool:
    """Return whether the domain may be the provider's, mistyped."""
    if provider in SURE_NAMES and typed.partition(".")[0] != provider.partition(".")[0]:
        return False
    errors = distance(typed, provider)
    return errors <= MAX_ERRORS[provider] and _may_mean(typed, provider, errors)


def _may_mean(typed: str, provider: str, errors: int) -> bool:
    """Return whether this many typing errors could produce it: few people get the first letter and another one wrong.

    Another country's ending isn't a typing error: hotmail.ca isn't hotmail.com, and yahoo.ie isn't yahoo.de.
    """
    if errors > 1 and typed[0] != provider[0]:
        return False
    ending, meant = typed.rpartition(".")[2], provider.rpartition(".")[2]
    if ending != meant and len(ending) == len(meant) == COUNTRY:
        return False
    return distance(ending, meant) <= 1
