"""Rules for when two e-mail addresses belong to the same person or the same mailbox.

Every function here expects an address that `parsing.normalise` has returned, but never fails on other text.
"""

from dataclasses import dataclass

from campaign.privacy.crypto import keyed_hash


@dataclass(frozen=True)
class Rule:
    """A provider's reading of the part before the @: the characters it ignores, and where a user's own tag begins."""

    ignored: str = ""
    tag: str = "+"
    domain: str = ""


# Sources: what providers say about their own addresses: Google (support.google.com/mail/answer/7436150 and 10313),
# Microsoft (plus addressing in Outlook.com), Apple (@icloud.com, @me.com and @mac.com of one account), Proton
# (proton.me/support/addresses-and-aliases), Fastmail (plus addressing), Yahoo (base name, hyphen, keyword).
GOOGLE = Rule(ignored=".", domain="gmail.com")
APPLE = Rule(domain="icloud.com")
PROTON = Rule(ignored=".-_", domain="proton.me")
TAGGED = Rule()
YAHOO = Rule(tag="-")
RULES = (
    dict.fromkeys(("gmail.com", "googlemail.com"), GOOGLE)
    | dict.fromkeys(("icloud.com", "me.com", "mac.com"), APPLE)
    | dict.fromkeys(("proton.me", "protonmail.com", "pm.me"), PROTON)
    | dict.fromkeys(("outlook.com", "hotmail.com", "hotmail.co.uk", "live.com", "live.co.uk", "msn.com"), TAGGED)
    | dict.fromkeys(("fastmail.com", "fastmail.fm", "posteo.de", "mailbox.org"), TAGGED)
    | dict.fromkeys(("yahoo.com", "yahoo.co.uk", "ymail.com", "rocketmail.com"), YAHOO)
)

DIGITS = str.maketrans("", "", "0123456789")


def canonical(address: str) -> str:
    """Return the form used to compare a normalised address: in lower case, and as its provider reads it.

    "R.Feldman+news@googlemail.com" is "rfeldman@gmail.com". If a provider isn't in the table, nothing is ignored,
    because two addresses there may belong to two people.
    """
    name, at, domain = address.lower().rpartition("@")
    rule = RULES.get(domain)
    if rule is None:
        return f"{name}{at}{domain}"
    name = name.split(rule.tag)[0] or name
    kept = "".join(letter for letter in name if letter not in rule.ignored) or name
    return f"{kept}@{rule.domain or domain}"


def mailbox(address: str) -> str:
    """Return where mail to a normalised address probably arrives: `canonical` without a tag, at any provider.

    "ruth+a@example.org" and "ruth+b@example.org" may belong to two people, so both may sign. But messages to either
    count towards one limit, and "never write to me again" from one applies to both.
    """
    name, at, domain = canonical(address).rpartition("@")
    return f"{name.split('+')[0] or name}{at}{domain}"


def address_hash(address: str) -> bytes:
    """Return 32 bytes by which a normalised address can be found without being stored in plain text."""
    return keyed_hash(canonical(address), "email")


def mailbox_hash(address: str) -> bytes:
    """Return 32 bytes that are the same for all tags of a mailbox: its `address_hash` without a tag."""
    return keyed_hash(mailbox(address), "email")


def domain(address: str) -> str:
    """Return the part after the @, in lower case."""
    return address.rpartition("@")[2].lower()


def domain_hash(address: str) -> bytes:
    """Return 16 bytes that are the same for all addresses of a domain."""
    return keyed_hash(domain(address), "domain")[:16]


def family_hash(address: str) -> bytes:
    """Return 16 bytes that are the same for addresses that differ only in tags and digits.

    Machine-made addresses often do.
    """
    name, at, rest = mailbox(address).rpartition("@")
    return keyed_hash(f"{name.translate(DIGITS)}{at}{rest}", "family")[:16]
