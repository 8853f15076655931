"""Domains of e-mail addresses: which one was meant by a mistyped one, and which are thrown away after use.

Nothing here changes an address or asks another machine: it only says what to ask the person who typed it.
"""

from functools import lru_cache, partial
from pathlib import Path

from campaign.email_addresses.canonical import domain


def _listed(file: str) -> tuple[str, ...]:
    """The domains in a file beside this one, in its order. What they are and whence is said in the file."""
    lines = Path(__file__).with_name(file).read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


PROVIDERS = _listed("mail-providers.txt")
DISPOSABLE = frozenset(_listed("disposable-domains.txt"))
KNOWN = frozenset(PROVIDERS)
NEVER_DOUBTED = KNOWN | DISPOSABLE | frozenset(_listed("real-neighbours.txt"))
LETTERS = {provider: frozenset(provider) for provider in PROVIDERS}

# Endings that no address has (data.iana.org/TLD/tlds-alpha-by-domain.txt, 3 October 2026), and what they stand for.
# Not .co, which is Colombia's: gmail.co is found all the same, as one letter less than gmail.com.
ENDINGS = (
    dict.fromkeys(("con", "cmo", "ocm", "vom", "xom", "cpm", "clm", "cok", "comm", "coom", "ccom"), "com")
    | dict.fromkeys(("couk", "cuk"), "co.uk")
    | dict.fromkeys(("ogr", "rog", "orgg"), "org")
    | dict.fromkeys(("nte", "ent", "nett"), "net")
)
# No slip of the finger: Google's addresses end in .com in Britain too (support.google.com/mail/answer/10313).
MISTAKEN = {"gmail.co.uk": "gmail.com", "googlemail.co.uk": "googlemail.com"}

# From eleven letters on (hotmail.com) two slips leave no doubt. Names below eight letters (sky.com) or in figures
# (163.com) have real neighbours: there the slip must be in the ending.
LONG, SHORT = 11, 8
COUNTRY = 2  # letters in a country's ending, such as .ie
SLIPS = {provider: 2 if len(provider) >= LONG else 1 for provider in PROVIDERS}
SURE_NAMES = {provider for provider in PROVIDERS if len(provider) < SHORT or provider[0].isdigit()}


def suggestion(address: str) -> str | None:
    """Return "Ruth@gmail.com" for "Ruth@gmial.com": the address that was probably meant, or None."""
    typed = domain(address)
    meant = _meant(typed)
    return None if meant == typed else f"{address.rpartition('@')[0]}@{meant}"


def distance(one: str, other: str) -> int:
    """How many slips make one of the other: a letter too many, too few, wrong, or two neighbours swapped.

    This is the Damerau-Levenshtein distance in its form without overlapping swaps (optimal string alignment).
    """
    older: list[int] = []
    old: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        older, old, row = old, row, [i]
        for j, b in enumerate(other, 1):
            least = min(old[j] + 1, row[j - 1] + 1, old[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                least = min(least, older[j - 2] + 1)
            row.append(least)
    return row[-1]


def is_disposable(address: str) -> bool:
    """Whether it is of a provider whose addresses are made to be thrown away; also below such a domain."""
    parts = domain(address).split(".")
    return any(".".join(parts[start:]) in DISPOSABLE for start in range(len(parts)))


@lru_cache(maxsize=4096)
def _meant(typed: str) -> str:
    """The domain itself, unless it looks like a slip."""
    head, _dot, ending = typed.rpartition(".")
    mended = MISTAKEN.get(typed) or (f"{head}.{ENDINGS[ending]}" if ending in ENDINGS else typed)
    if mended in NEVER_DOUBTED:  # nearly everybody: there is nothing to compare
        return mended
    near = [provider for provider in PROVIDERS if _is_near(mended, provider)]
    return min(near, key=partial(distance, mended), default=mended)


def _is_near(typed: str, provider: str) -> bool:
    """Whether it can be a slip for the provider's. The cheap questions come first: this runs for each who signs."""
    slips = SLIPS[provider]
    if abs(len(typed) - len(provider)) > slips or len(LETTERS[provider] ^ set(typed)) > 2 * slips:
        return False
    if provider in SURE_NAMES and typed.partition(".")[0] != provider.partition(".")[0]:
        return False
    found = distance(typed, provider)
    return found <= slips and _may_mean(typed, provider, found)


def _may_mean(typed: str, provider: str, slips: int) -> bool:
    """Return whether this many typing errors could produce it: few people get the first letter and another one wrong.

    Another country's ending isn't a typing error: hotmail.ca isn't hotmail.com, and yahoo.ie isn't yahoo.de.
    """
    if slips > 1 and typed[0] != provider[0]:
        return False
    ending, meant = typed.rpartition(".")[2], provider.rpartition(".")[2]
    if ending != meant and len(ending) == len(meant) == COUNTRY:
        return False
    return distance(ending, meant) <= 1
