"""The DNS records that show others whether our mail is genuine (SPF, DKIM, DMARC), and MX for bounces."""

import binascii
from base64 import b64decode
from collections.abc import Iterator, Sequence

import dns.exception
import dns.resolver
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from campaign.mail.checking.findings import Finding, good, remark, wrong

LIFETIME = 5.0  # seconds for one question, no matter how many servers it takes
DNS_PORT = 53
MAX_SPF_LOOKUPS = 10  # RFC 7208, section 4.6.4
MAX_DEPTH = 10
MIN_RSA_BITS = 1024  # RFC 8301, section 3.2, which recommends 2048
ED25519_BYTES = 32  # RFC 8463
# Names that mail servers and providers commonly give their keys.
COMMON_SELECTORS = (
    *("default", "dkim", "mail", "s1", "s2", "k1", "k2", "k3", "selector1", "selector2", "google", "pm", "mx", "smtp"),
    *("key1", "key2", "fm1", "fm2", "mailjet", "mandrill", "mte1", "mte2", "resend", "scph0618", "20230601"),
)


class NoDnsError(Exception):
    """No DNS server answered."""


class Records:
    """A DNS client that asks this machine's usual servers, or the given server and port."""

    def __init__(self, server: str = "") -> None:
        try:
            self.resolver = dns.resolver.Resolver(configure=not server)
            if server:
                host, _colon, port = server.partition(":") if server.count(":") == 1 else (server, "", "")
                self.resolver.port = int(port or DNS_PORT)
                self.resolver.nameservers = [host]
        except (dns.resolver.NoResolverConfiguration, ValueError):
            raise NoDnsError from None
        self.resolver.lifetime = LIFETIME

    def find(self, name: str, kind: str) -> list[str]:
        """Return a name's records of a kind as text, or [] if it has none. Raises NoDnsError."""
        try:
            return [_text(record) for record in self.resolver.resolve(name, kind)]
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.resolver.YXDOMAIN):
            return []
        except (dns.exception.DNSException, OSError, ValueError):
            raise NoDnsError from None

    def tagged(self, name: str, tag: str) -> list[str]:
        """Return the TXT records that begin with a tag, such as "v=spf1"."""
        return [text for text in self.find(name, "TXT") if text.lower().split(";")[0].split(" ")[0] == tag]


def spf(records: Records, domain: str) -> Iterator[Finding]:
    """Yield findings about the SPF record, which says who may send mail for the envelope's domain (RFC 7208)."""
    found = records.tagged(domain, "v=spf1")
    if len(found) != 1:
        text = f"{domain} has {len(found)} SPF records instead of one." if found else f"{domain} has no SPF record."
        yield wrong(text, "Publish one TXT record that begins with v=spf1, names your mail server and ends with ~all.")
        return
    terms = found[0].lower().split()
    if {"all", "+all", "?all"} & set(terms):
        yield wrong(f"The SPF record of {domain} lets anybody send mail for it.", "End it with ~all or -all.")
    elif not {"~all", "-all"} & set(terms) and not any(term.startswith("redirect=") for term in terms):
        yield wrong(
            f"The SPF record of {domain} doesn't say what to do about other servers.", "End it with ~all or -all."
        )
    else:
        yield good(f"{domain} has an SPF record.")
    lookups = count_lookups(records, domain)
    if lookups > MAX_SPF_LOOKUPS:
        advice = "Receivers give up after 10: remove services that no longer send for you."
        yield wrong(f"The SPF record of {domain} needs {lookups} or more DNS look-ups.", advice)


def count_lookups(records: Records, domain: str, depth: int = 0) -> int:
    """Return how many DNS look-ups an SPF record needs, with the records that it includes. Counting stops after ten."""
    number = 0
    for term in " ".join(records.tagged(domain, "v=spf1")).lower().split()[1:]:
        name, _mark, target = term.lstrip("+-~?").replace("=", ":", 1).partition(":")
        if name.split("/")[0] in ("include", "redirect", "a", "mx", "ptr", "exists"):
            number += 1
        if name in ("include", "redirect") and target and "%" not in target and depth < MAX_DEPTH:
            number += count_lookups(records, target, depth + 1)
        if number > MAX_SPF_LOOKUPS:
            break
    return number


def dkim(records: Records, domain: str, selectors: Sequence[str]) -> Iterator[Finding]:
    """Yield findings about the DKIM keys (RFC 6376) published under these selectors, or under common ones."""
    names = selectors or COMMON_SELECTORS
    keys = {name: found for name in names if (found := records.find(f"{name}._domainkey.{domain}", "TXT"))}
    if not keys:
        where = "these names" if selectors else "any common name"
        advice = "Have your mail server sign with DKIM, publish its key, and name it with --selector or DKIM_SELECTORS."
        yield wrong(f"No DKIM key was found for {domain} under {where}.", advice)
    for name, found in keys.items():
        problem = key_problem(found[0])
        text = f"The DKIM key {name} of {domain}"
        yield (
            wrong(f"{text} {problem}.", "Publish the key that your mail server signs with.")
            if problem
            else good(f"{text} is published.")
        )
    if selectors and keys and set(selectors) - set(keys):
        missing = ", ".join(sorted(set(selectors) - set(keys)))
        yield wrong(f"{domain} has no DKIM key under {missing}.", "Publish it, or remove the name.")


def key_problem(text: str) -> str:
    """Return what is wrong with a published key, such as "is damaged", or ""."""
    tags = _tags(text)
    if not tags.get("p"):
        return "has been revoked"
    try:
        raw = b64decode(tags["p"], validate=True)
        if tags.get("k", "rsa") == "ed25519":
            return "" if len(raw) == ED25519_BYTES else "is damaged"
        key = load_der_public_key(raw)
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return "is damaged"
    return "is too short" if isinstance(key, RSAPublicKey) and key.key_size < MIN_RSA_BITS else ""


def dmarc(records: Records, domain: str, organisation: str) -> tuple[Finding, dict[str, str]]:
    """Return a finding about the DMARC policy of the sender's domain or its registered domain, and its tags."""
    for name in dict.fromkeys((domain, organisation)):
        found = records.tagged(f"_dmarc.{name}", "v=dmarc1")
        if len(found) == 1:
            tags = _tags(found[0])
            if tags.get("p", "").lower() in ("none", "quarantine", "reject"):
                return good(f"{name} has a DMARC policy: p={tags['p']}."), tags
        if found:
            return wrong(f"The DMARC policy of {name} isn't valid.", "Publish one record, with p=none at least."), {}
    advice = f"Publish a TXT record at _dmarc.{organisation}. Start with v=DMARC1; p=none: large providers require it."
    return wrong(f"{domain} has no DMARC policy.", advice), {}


def alignment(sender: str, envelope: str, same_organisation: bool, tags: dict[str, str]) -> Finding:
    """Return whether SPF counts for DMARC, as a finding. The domains of envelope and sender must match (RFC 7489)."""
    is_strict = tags.get("aspf", "r").lower() == "s"
    if sender == envelope or (same_organisation and not is_strict):
        return good("Bounces go to the sender's domain, so SPF counts for DMARC.")
    advice = "Use an address at the sender's domain as BOUNCE_ADDRESS."
    return wrong(f"Bounces go to {envelope}, but messages come from {sender}: SPF doesn't count for DMARC.", advice)


def mx(records: Records, domain: str) -> Finding:
    """Return a finding about whether the domain can receive bounces, by MX or at its own address (RFC 5321, 5.1)."""
    servers = [each.split()[-1] for each in records.find(domain, "MX")]
    if servers == ["."]:
        return wrong(f"{domain} says that it accepts no mail, so bounces can't arrive.", "Publish an MX record.")
    if servers:
        return good(f"{domain} has a mail server, so bounces can arrive.")
    if records.find(domain, "A") or records.find(domain, "AAAA"):
        return remark(f"{domain} has no MX record, so bounces go straight to the machine of that name.")
    return wrong(f"{domain} has no mail server, so bounces can't arrive.", "Publish an MX record.")


def _text(record: object) -> str:
    strings = getattr(record, "strings", None)
    return b"".join(strings).decode("ascii", "replace") if strings else str(record)


def _tags(text: str) -> dict[str, str]:
    """Return the tags of a record such as "v=DKIM1; k=rsa; p=…", without white space."""
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): "".join(value.split()) for name, _equals, value in pairs}
