"""The facts that identify a brand's company, and the company's own domains."""

import re
from typing import Any, Protocol

import idna
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.email_addresses.canonical import domain
from campaign.email_addresses.domains import KNOWN
from campaign.email_addresses.own_domains import OPEN_PROVIDERS
from campaign.email_addresses.registrable import host_of, registrable

MAX_DOMAINS = 20
# The facts that identify the company, besides its name.
IDENTITY = ("slug", "parent", "other_names", "website", "domains")
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class Company(Protocol):
    """The fields of a brand that say which domains are the company's own."""

    domains: str
    website: str


def own_domains(company: Company) -> set[str]:
    """Return the registered parts of a company's own domains and of its website's domain."""
    names = [*domains_of(company.domains), host_of(company.website)]
    return {registrable(name) for name in names} - {""}


def is_own_address(company: Company, address: str) -> bool:
    """Return whether an address is at one of the company's own domains, or at the domain of its website."""
    where = domain(address)
    listed = any(is_within(where, own) for own in domains_of(company.domains))
    return listed or registrable(where) in own_domains(company)


def refuse_another_company(brand: Any, saved: Any) -> None:
    """Raise ValidationError if a brand's name, or a fact that identifies its company, differs from the saved one.

    Otherwise one organiser could turn the brand into another company, with everything that the ledger says against it.
    """
    known = {name: getattr(saved, name) for name in IDENTITY} | {"title": saved.as_published().title}
    errors = {name: _keep(value) for name, value in known.items() if getattr(brand, name) != value}
    if errors:
        raise ValidationError(errors)


def _keep(value: str) -> str:
    text = gettext(
        "You can no longer change this, because the ledger has a claim, a notice or a deadline about the company. "
        "Change it back to: %(value)s"
    )
    return text % {"value": value or gettext("(blank)")}


def domains_of(text: str) -> list[str]:
    """Return the domains in a text that has one on each line, in lower case and in ASCII. Skip anything else."""
    return [name for name in map(_ascii, text.split()) if name]


def is_within(domain: str, own: str) -> bool:
    """Return whether a domain is the same as `own`, or below it."""
    name = _ascii(domain)
    return bool(name) and (name == own or name.endswith(f".{own}"))


def list_of_domains(text: str) -> None:
    """Raise ValidationError for a line that isn't a domain, or a domain at which anybody can get an address."""
    lines = text.split()
    if len(lines) > MAX_DOMAINS:
        raise ValidationError(_("Enter at most 20 domains."))
    for line in lines:
        name = _ascii(line)
        if not name:
            raise ValidationError(
                _("“%(line)s” is not a domain. Enter one such as “example.com”."), params={"line": line}
            )
        if name in KNOWN or name in OPEN_PROVIDERS:
            raise ValidationError(
                _("Anybody can get an address at “%(line)s”, so it proves nothing."), params={"line": line}
            )


def _ascii(text: str) -> str:
    """Return a domain in lower case and in ASCII (IDNA 2008), or "" if it isn't one."""
    try:
        name = idna.encode(text.strip().strip("."), uts46=True).decode().lower()
    except idna.IDNAError:
        return ""
    labels = name.split(".")
    return name if len(labels) > 1 and all(map(LABEL.fullmatch, labels)) else ""
