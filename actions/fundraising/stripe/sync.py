"""Taking into our tables what Stripe says, and nothing else.

Whatever brings news (a webhook, the thanks page, the nightly comparison), the state is asked of Stripe, with the
donation locked, and written whole. So it does not matter in which order news comes, or how often.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from actions.fundraising.emails import queue_receipt, sound
from actions.fundraising.models import Declaration, Dispute, Donation, Payment, Refund
from actions.fundraising.stripe import client
from actions.fundraising.stripe.records import InvoiceFacts, PaymentFacts, SessionFacts
from campaign.email_addresses.canonical import address_hash
from campaign.email_addresses.parsing import usable_address
from campaign.forms.names import tidy

# https://docs.stripe.com/payments/paymentintents/lifecycle; the others are on their way, or came to nothing.
STATUSES = {"succeeded": Payment.Status.PAID, "processing": Payment.Status.PENDING}
MOST_NAME = 200


def about_session(session_id: str, reference: str = "") -> None:
    """Something happened to a Checkout Session. `reference`: the donation that it names, for one not yet stored."""
    with transaction.atomic():
        donation = _locked(session_id=session_id) or _locked(pk=as_uuid(reference))
        if donation:
            take_session(donation, session_id)


def about_subscription(subscription_id: str) -> None:
    """Something happened to a monthly gift."""
    facts = client.subscription(subscription_id)
    with transaction.atomic():
        donation = _locked(subscription_id=subscription_id) or _locked(pk=as_uuid(facts.donation))
        if donation:
            _take_subscription(donation, subscription_id)


def about_invoice(invoice_id: str) -> None:
    """Something happened to what is asked for one month."""
    facts = client.invoice(invoice_id)
    with transaction.atomic():
        donation = _locked(subscription_id=facts.subscription_id) or _locked(pk=as_uuid(facts.donation))
        if donation:
            _take_subscription(donation, facts.subscription_id)
            _take_invoice(donation, facts)


def about_payment(intent_id: str) -> None:
    """Something happened to a payment: it was made, refunded, or disputed."""
    known = Payment.objects.filter(intent_id=intent_id).values("donation_id", "invoice_id").first()
    donation_id, invoice_id = (known["donation_id"], known["invoice_id"]) if known else _origin(intent_id)
    with transaction.atomic():
        donation = _locked(pk=donation_id)
        if donation:
            _take_payment(donation, intent_id, invoice_id)


def donation_of(intent_id: str) -> UUID | None:
    """The donation that a payment at Stripe was made for; None for one that is not of ours. Raises NoAnswerError."""
    known = Payment.objects.filter(intent_id=intent_id).values_list("donation_id", flat=True).first()
    return known or _origin(intent_id)[0]


def refresh(donation: Donation) -> None:
    """Ask Stripe for everything about one donation. Raises payments.NoAnswerError."""
    with transaction.atomic():
        locked = Donation.objects.select_for_update(of=("self",)).select_related("fund").get(pk=donation.pk)
        take_session(locked, donation.session_id)
        if locked.subscription_id:
            for facts in client.invoices_of(locked.subscription_id):
                _take_invoice(locked, facts)


def take_session(donation: Donation, session_id: str) -> None:
    """Take the state of a session, and of what it led to; the donation is locked. Raises payments.NoAnswerError."""
    facts = client.session(session_id)
    if as_uuid(facts.donation) != donation.pk:
        return
    _write_session(donation, facts, timezone.now())
    if facts.subscription_id:
        _take_subscription(donation, facts.subscription_id)
    if facts.invoice_id:
        _take_invoice(donation, client.invoice(facts.invoice_id))
    if facts.intent_id:
        _take_payment(donation, facts.intent_id)
    if facts.status == Donation.Session.EXPIRED:
        sound(donation, timezone.now())


def as_uuid(text: str) -> UUID | None:
    """The UUID that a text is; None for any other text."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _locked(**key: object) -> Donation | None:
    """The one donation with this key, nobody else's until the transaction ends; None if there is none, or no key."""
    if not all(key.values()):
        return None
    return Donation.objects.select_for_update(of=("self",)).select_related("fund").filter(**key).first()


def _origin(intent_id: str) -> tuple[UUID | None, str]:
    """The donation and the invoice ("" for a single gift) of a payment that we do not know yet."""
    facts = client.payment(intent_id)
    if facts.donation:
        return as_uuid(facts.donation), ""
    invoice = client.invoice_of(intent_id)
    return (as_uuid(invoice.donation), invoice.id) if invoice else (None, "")


def _write_session(donation: Donation, facts: SessionFacts, now: datetime) -> None:
    donation.session_id, donation.session_status = facts.id, facts.status
    donation.customer_id, donation.checked_at = facts.customer_id, now
    if facts.email and donation.donor_hash is None:
        _write_donor(donation, facts.name, facts.email)
    donation.save()


def _write_donor(donation: Donation, name: str, email: str) -> None:
    """Record the donor. An address that can't receive mail isn't kept: its donations are known by its hash alone."""
    address = usable_address(email)
    donation.donor_name, donation.donor_email = tidy(name)[:MOST_NAME], address or None
    donation.donor_hash = address_hash(address or email)


def _take_subscription(donation: Donation, subscription_id: str) -> None:
    facts = client.subscription(subscription_id)
    if as_uuid(facts.donation) == donation.pk:
        donation.subscription_id, donation.subscription_status = facts.id, facts.status
        donation.save(update_fields=["subscription_id", "subscription_status"])


def _take_invoice(donation: Donation, facts: InvoiceFacts) -> None:
    for intent_id in facts.intent_ids:
        if intent_id:
            _take_payment(donation, intent_id, facts.id)


def _take_payment(donation: Donation, intent_id: str, invoice_id: str = "") -> None:
    """Write a payment with its refunds and disputes, work out what is left of it, and see to the receipt, once."""
    facts = client.payment(intent_id)
    known = Payment.objects.filter(intent_id=intent_id).first()
    if facts.status not in STATUSES and not facts.charge_id and known is None:
        return
    payment = known or Payment(donation=donation, fund=donation.fund, intent_id=intent_id)
    payment.is_live, payment.charge_id, payment.method = facts.is_live, facts.charge_id, facts.method[:40]
    payment.invoice_id = invoice_id or payment.invoice_id
    payment.currency, payment.amount_pence = facts.currency, facts.amount
    payment.status = STATUSES.get(facts.status, Payment.Status.FAILED)
    payment.created_at, payment.paid_at = facts.created, facts.paid_at
    payment.save()
    _take_parts(payment, facts)
    payment.settle()
    _tell(payment, timezone.now())


def _take_parts(payment: Payment, facts: PaymentFacts) -> None:
    for model, parts in ((Refund, facts.refunds), (Dispute, facts.disputes)):
        for part in parts:
            values = {"payment": payment, "amount_pence": part.amount, "status": part.status}
            model.objects.update_or_create(pk=part.id, defaults=values | {"created_at": part.created})


def _tell(payment: Payment, now: datetime) -> None:
    """Queue what the donor or the organisers are to be told; the donor once the session has told us the address."""
    donation = payment.donation
    if payment.status == Payment.Status.PAID and payment.receipted_at is None and donation.donor_email:
        queue_receipt(payment, now)
        for declaration in Declaration.objects.filter(donation=donation):
            declaration.send_copy(now)
    if payment.status == Payment.Status.FAILED:
        sound(donation, now)
