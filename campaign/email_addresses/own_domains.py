"""Domains whose owner can create any number of mailboxes, so that confirming from many of them proves little."""

from campaign.email_addresses.canonical import domain
from campaign.email_addresses.domains import KNOWN, _listed

OPEN_PROVIDERS = frozenset(_listed("open-providers.txt"))

# Endings under which only institutions can register a domain. They give each person one mailbox. .uk: Nominet's
# second-level domains and the bodies running them (nominet.uk/uk-domains; gov.uk: "Get permission to apply for a
# .gov.uk domain name"; ac.uk: Jisc, "Eligibility guidelines for ac.uk domains"). .il: ISOC-IL, "Rules for the
# allocation of domain names", version 1.9, section 5. .edu: EDUCAUSE, net.educause.edu/eligibility. .gov: CISA,
# get.gov/domains/eligibility. .mil and .int: RFC 1591 and IANA, iana.org/domains/int/policy. .edu.au and .gov.au: auDA,
# ".au domain administration rules". .ac.nz and .govt.nz: Domain Name Commission, moderated second-level domains.
INSTITUTIONS = (
    *(".ac.uk", ".gov.uk", ".mod.uk", ".nhs.uk", ".parliament.uk", ".police.uk", ".sch.uk"),
    *(".ac.il", ".gov.il", ".idf.il", ".k12.il", ".muni.il"),
    *(".edu", ".gov", ".mil", ".int", ".edu.au", ".gov.au", ".ac.nz", ".govt.nz"),
)


def is_own_domain(address: str) -> bool:
    """Return whether the address is neither at an institution nor at a provider open to anybody."""
    name = domain(address)
    return name not in KNOWN and name not in OPEN_PROVIDERS and not f".{name}".endswith(INSTITUTIONS)
