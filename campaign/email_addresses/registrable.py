"""The part of a domain that its owner registered, according to the Public Suffix List (publicsuffix.org).

The list is part of the package, so this makes no network request. It contains the suffixes of registries, such as
co.uk, and of companies that give anybody a name under their own, such as github.io.
"""

import unicodedata
from functools import cache
from urllib.parse import urlsplit

import idna
from publicsuffixlist import PublicSuffixList

# Letters and digits that look alike in most typefaces: Cyrillic and Greek letters, then Latin letters and digits.
# Dots and accents are removed first.
CYRILLIC = "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u051b\u051d\u04bb\u04cf"
GREEK = "\u03b1\u03bf\u03c1\u03bd\u03b9"
LOOK_LIKE = str.maketrans(CYRILLIC + GREEK + "i01", "aeopcyxljsdqwhl" + "aopvl" + "lol")
PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


def registrable(domain: str) -> str:
    """Return "example.co.uk" for "shop.example.co.uk", in ASCII, or "" for a suffix or text that isn't a domain."""
    try:
        name = idna.encode(domain.strip().rstrip("."), uts46=True).decode().lower()
    except idna.IDNAError:
        return ""
    return _suffixes().privatesuffix(name) or ""


def host_of(url: str) -> str:
    """Return the host of a web address, without "www.", or "" if it has none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def imitates(domain: str, other: str) -> bool:
    """Return whether `domain` could be mistaken for `other`: its name looks alike, or it contains the whole of `other`.

    "paypa1.com", "pаypal.com" with a Cyrillic letter, and "paypal.com.example.org" all imitate "paypal.com".
    """
    own, others = registrable(domain), registrable(other)
    if not own or not others or own == others:
        return False
    return f".{others}." in f".{domain.lower()}." or _skeleton(_name(own)) == _skeleton(_name(others))


def _name(domain: str) -> str:
    """Return the name before the suffix, in Unicode."""
    name = domain.partition(".")[0]
    try:
        return idna.decode(name)
    except idna.IDNAError:
        return name


def _skeleton(name: str) -> str:
    """Return a name with look-alike letters replaced, and without accents."""
    decomposed = unicodedata.normalize("NFKD", name.lower())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(LOOK_LIKE)
    for pair, single in PAIRS:
        plain = plain.replace(pair, single)
    return plain
