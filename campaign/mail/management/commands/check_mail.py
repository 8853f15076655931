"""Check the mail set-up: the DNS records of the sender's domain, the mail server, and a test message."""

from argparse import ArgumentParser
from collections.abc import Iterator
from email.policy import SMTP
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from campaign.checks import START
from campaign.email_addresses.canonical import domain
from campaign.email_addresses.parsing import normalise
from campaign.email_addresses.registrable import registrable
from campaign.mail.checking.dns_records import NoDnsError, Records, alignment, dkim, dmarc, mx, spf
from campaign.mail.checking.findings import Finding, remark, wrong
from campaign.mail.checking.sample import send_sample
from campaign.mail.checking.server import server

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
NO_DNS = wrong("No DNS server answers.", "Check this machine's network, or name a server with --dns.")
BY_API = remark("Mail goes through the API of a provider, whose own pages show whether the domain is set up.")
NOT_SENT = wrong("Mail goes only to the development mailbox.", "Set EMAIL_URL.")


class Command(BaseCommand):
    """A command for operators. It changes and stores nothing."""

    help = "Check SPF, DKIM and DMARC, the mail server, and whether bounces can come back."
    requires_system_checks = (START,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", nargs="?", help="send a test message to this address")
        parser.add_argument(
            "--selector", action="append", default=[], help="the name (selector) of a DKIM key; may be repeated"
        )
        parser.add_argument(
            "--dns", default="", metavar="SERVER", help="the DNS server to ask, as an address or address:port"
        )

    def handle(self, *, address: str | None, selector: list[str], dns: str, **options: Any) -> None:
        try:
            recipient = normalise(address) if address else ""
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        failed = 0
        for finding in findings(recipient, selector or settings.DKIM_SELECTORS, dns):
            self.stdout.write(str(finding))
            failed += finding.is_good is False
        if failed:
            raise CommandError(f"Problems to put right: {failed}.")
        self.stdout.write("Everything that can be checked from here is in order.")


def findings(recipient: str, selectors: list[str], dns: str) -> Iterator[Finding]:
    """Yield every finding, starting with the DNS records. Send a test message to `recipient` unless it is empty."""
    sender = _addr_spec(settings.DEFAULT_FROM_EMAIL)
    envelope = settings.BOUNCE_ADDRESS or sender
    try:
        yield from _records(Records(dns), domain(sender), domain(envelope), selectors)
    except NoDnsError:
        yield NO_DNS
    if settings.EMAIL_BACKEND == SMTP_BACKEND:
        yield from server(envelope)
    else:
        yield BY_API if settings.EMAIL_BACKEND.startswith("anymail.") else NOT_SENT
    if recipient:
        yield send_sample(recipient)


def _records(records: Records, sender: str, envelope: str, selectors: list[str]) -> Iterator[Finding]:
    organisation = registrable(sender) or sender
    yield from spf(records, envelope)
    yield from dkim(records, sender, selectors)
    policy, tags = dmarc(records, sender, organisation)
    yield policy
    yield alignment(sender, envelope, organisation == (registrable(envelope) or envelope), tags)
    yield mx(records, envelope)


def _addr_spec(sender: str) -> str:
    """Return the address of a sender, without its name. The system checks make sure that there is exactly one."""
    _name, header = SMTP.header_store_parse("From", sender)
    return str(header.addresses[0].addr_spec)
