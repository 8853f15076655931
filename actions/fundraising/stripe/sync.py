"""Taking into our tables what Stripe says, and nothing else.

Whatever brings news (a webhook, the thanks page, the nightly comparison), the state is asked of Stripe, with the
donation locked, and written whole. So it does not matter in which order news comes, or how often.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from actions.fundraising.emails import queue_receipt, raise_alarm
from actions.fundraising.models import Declaration, Dispute, Donation, Payment, Refund
from actions.fundraising.stripe import client
from actions.fundraising.stripe.records import InvoiceRecord, PaymentRecord, SessionRecord
from campaign.email_addresses.canonical import address_hash
from campaign.email_addresses.parsing import usable_address
from campaign.forms.names import tidy

# https://docs.stripe.com/payments/paymentintents/lifecycle; the others are on their way, or came to nothing.
STATUSES = {"succeeded": Payment.Status.PAID, "processing": Payment.Status.PENDING}
MAX_NAME = 200


def sync_session(session_id: str, reference: str = "") -> None:
    """Something happened to a Checkout Session. `reference`: the donation that it names, for one not yet stored."""
    with transaction.atomic():
        donation = _locked(session_id=session_id) or _locked(pk=as_uuid(reference))
        if donation:
            apply_session(donation, session_id)


def sync_subscription(subscription_id: str) -> None:
    """Something happened to a monthly gift."""
    record = client.subscription(subscription_id)
    with transaction.atomic():
        donation = _locked(subscription_id=subscription_id) or _locked(pk=as_uuid(record.donation))
        if donation:
            _apply_subscription(donation, subscription_id)


def sync_invoice(invoice_id: str) -> None:
    """Something happened to what is asked for one month."""
    record = client.invoice(invoice_id)
    with transaction.atomic():
        donation = _locked(subscription_id=record.subscription_id) or _locked(pk=as_uuid(record.donation))
        if donation:
            _apply_subscription(donation, record.subscription_id)
            _apply_invoice(donation, record)


def sync_payment(intent_id: str) -> None:
    """Something happened to a payment: it was made, refunded, or disputed."""
    known = Payment.objects.filter(intent_id=intent_id).values("donation_id", "invoice_id").first()
    donation_id, invoice_id = (known["donation_id"], known["invoice_id"]) if known else _origin(intent_id)
    with transaction.atomic():
        donation = _locked(pk=donation_id)
        if donation:
            _apply_payment(donation, intent_id, invoice_id)


def donation_for(intent_id: str) -> UUID | None:
    """The donation that a payment at Stripe was made for; None for one that is not of ours. Raises NoAnswerError."""
    known = Payment.objects.filter(intent_id=intent_id).values_list("donation_id", flat=True).first()
    return known or _origin(intent_id)[0]


def refresh(donation: Donation) -> None:
    """Ask Stripe for everything about one donation. Raises payments.NoAnswerError."""
    with transaction.atomic():
        locked = Donation.objects.select_for_update(of=("self",)).select_related("fund").get(pk=donation.pk)
        apply_session(locked, donation.session_id)
        if locked.subscription_id:
            for record in client.invoices_of(locked.subscription_id):
                _apply_invoice(locked, record)


def apply_session(donation: Donation, session_id: str) -> None:
    """Take the state of a session, and of what it led to; the donation is locked. Raises payments.NoAnswerError."""
    record = client.session(session_id)
    if as_uuid(record.donation) != donation.pk:
        return
    _write_session(donation, record, timezone.now())
    if record.subscription_id:
        _apply_subscription(donation, record.subscription_id)
    if record.invoice_id:
        _apply_invoice(donation, client.invoice(record.invoice_id))
    if record.intent_id:
        _apply_payment(donation, record.intent_id)
    if record.status == Donation.Session.EXPIRED:
        raise_alarm(donation, timezone.now())


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
    record = client.payment(intent_id)
    if record.donation:
        return as_uuid(record.donation), ""
    invoice = client.invoice_of(intent_id)
    return (as_uuid(invoice.donation), invoice.id) if invoice else (None, "")


def _write_session(donation: Donation, record: SessionRecord, now: datetime) -> None:
    donation.session_id, donation.session_status = record.id, record.status
    donation.customer_id, donation.checked_at = record.customer_id, now
    if record.email and donation.donor_hash is None:
        _write_donor(donation, record.name, record.email)
    donation.save()


def _write_donor(donation: Donation, name: str, email: str) -> None:
    """Record the donor. An address that can't receive mail isn't kept: its donations are known by its hash alone."""
    address = usable_address(email)
    donation.donor_name, donation.donor_email = tidy(name)[:MAX_NAME], address or None
    donation.donor_hash = address_hash(address or email)


def _apply_subscription(donation: Donation, subscription_id: str) -> None:
    record = client.subscription(subscription_id)
    if as_uuid(record.donation) == donation.pk:
        donation.subscription_id, donation.subscription_status = record.id, record.status
        donation.save(update_fields=["subscription_id", "subscription_status"])


def _apply_invoice(donation: Donation, record: InvoiceRecord) -> None:
    for intent_id in record.intent_ids:
        if intent_id:
            _apply_payment(donation, intent_id, record.id)


def _apply_payment(donation: Donation, intent_id: str, invoice_id: str = "") -> None:
    """Write a payment with its refunds and disputes, work out what is left of it, and see to the receipt, once."""
    record = client.payment(intent_id)
    known = Payment.objects.filter(intent_id=intent_id).first()
    if record.status not in STATUSES and not record.charge_id and known is None:
        return
    payment = known or Payment(donation=donation, fund=donation.fund, intent_id=intent_id)
    payment.is_live, payment.charge_id, payment.method = record.is_live, record.charge_id, record.method[:40]
    payment.invoice_id = invoice_id or payment.invoice_id
    payment.currency, payment.amount_pence = record.currency, record.amount
    payment.status = STATUSES.get(record.status, Payment.Status.FAILED)
    payment.created_at, payment.paid_at = record.created, record.paid_at
    payment.save()
    _apply_reversals(payment, record)
    payment.update_net()
    _tell(payment, timezone.now())


def _apply_reversals(payment: Payment, record: PaymentRecord) -> None:
    for model, parts in ((Refund, record.refunds), (Dispute, record.disputes)):
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
        raise_alarm(donation, now)
