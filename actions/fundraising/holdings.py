"""What we hold about a donor: donations, payments and Gift Aid, and messages about them."""

from collections.abc import Iterator

from actions.fundraising.models import Declaration, Dispute, Donation, Notice, Payment, Refund, StatementLink
from actions.fundraising.models.claims import ClaimLine
from campaign.email_addresses.canonical import address_hash
from campaign.mail.models import Message
from campaign.privacy.holdings import Entry, entries, holds
from campaign.subject_access.encrypted_addresses import keys_with_address


@holds
def donation_entries(address: str) -> Iterator[Entry]:
    """Yield an entry for each row about a donation made with this address."""
    donations = Donation.objects.filter(donor_hash=address_hash(address))
    payments = Payment.objects.filter(donation__in=donations)
    declarations = Declaration.objects.filter(donation__in=donations)
    yield from entries(donations)
    yield from entries(payments, leave_out=["id"])
    yield from entries(Refund.objects.filter(payment__in=payments))
    yield from entries(Dispute.objects.filter(payment__in=payments))
    yield from entries(declarations, leave_out=["id"])
    yield from entries(ClaimLine.objects.filter(payment__in=payments), leave_out=["id", "declaration"])
    notices = Notice.objects.filter(payment__in=payments)
    yield from entries(notices, leave_out=["id"])
    about = [*donations.values_list("pk", flat=True), *payments.values_list("pk", flat=True)]
    about += [*declarations.values_list("pk", flat=True), *notices.values_list("pk", flat=True)]
    yield from entries(Message.objects.filter(object_id__in=about), leave_out=["id", "object_id"])


@holds
def statement_entries(address: str) -> Iterator[Entry]:
    """Yield an entry for each statement that this address has asked for, and for its message."""
    wanted = list(keys_with_address(StatementLink, "email", address))
    yield from entries(StatementLink.objects.filter(pk__in=wanted), leave_out=["id"])
    yield from entries(Message.objects.filter(object_id__in=wanted), leave_out=["id", "object_id"])
