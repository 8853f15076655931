"""Copying Stripe's state into our tables, and nothing else.

Whatever the trigger (an event, the thanks page, the nightly comparison), we lock the donation, ask Stripe for the
current state and write all of it. So neither the order nor the number of triggers matters.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from actions.fundraising.emails import queue_receipt, raise_alarm
from actions.fundraising.models import Declaration, Dispute, Donation, Notice, Payment, Refund
from actions.fundraising.stripe import client
from actions.fundraising.stripe.records import InvoiceRecord, PaymentRecord, SessionRecord
from campaign.email_addresses.canonical import address_hash
from campaign.email_addresses.parsing import usable_address
from campaign.forms.names import tidy

# https://docs.stripe.com/payments/paymentintents/lifecycle; payments with any other status are incomplete or failed.
STATUSES = {"succeeded": Payment.Status.PAID, "processing": Payment.Status.PENDING}
MAX_NAME = 200


def sync_session(session_id: str, reference: str = "") -> None:
    """Update the donation of a Checkout Session. `reference` is the donation it names, if we haven't stored its ID."""
    with transaction.atomic():
        donation = _lock(session_id=session_id) or _lock(pk=as_uuid(reference))
        if donation:
            apply_session(donation, session_id)


def sync_subscription(subscription_id: str) -> None:
    """Update a monthly donation."""
    subscription = client.subscription(subscription_id)
    with transaction.atomic():
        donation = _lock(subscription_id=subscription_id) or _lock(pk=as_uuid(subscription.donation))
        if donation:
            _apply_subscription(donation, subscription_id)


def sync_invoice(invoice_id: str) -> None:
    """Update the donation of a monthly invoice."""
    invoice = client.invoice(invoice_id)
    with transaction.atomic():
        donation = _lock(subscription_id=invoice.subscription_id) or _lock(pk=as_uuid(invoice.donation))
        if donation:
            _apply_subscription(donation, invoice.subscription_id)
            _apply_invoice(donation, invoice)


def sync_payment(intent_id: str) -> None:
    """Update a payment that was made, refunded or disputed."""
    known = Payment.objects.filter(intent_id=intent_id).values("donation_id", "invoice_id").first()
    donation_id, invoice_id = (known["donation_id"], known["invoice_id"]) if known else _ask_origin(intent_id)
    with transaction.atomic():
        donation = _lock(pk=donation_id)
        if donation:
            _apply_payment(donation, intent_id, invoice_id)


def donation_for(intent_id: str) -> UUID | None:
    """Return the donation that a payment at Stripe is for, or None if it isn't one of ours. Raises NoAnswerError."""
    known = Payment.objects.filter(intent_id=intent_id).values_list("donation_id", flat=True).first()
    return known or _ask_origin(intent_id)[0]


def refresh(donation: Donation) -> None:
    """Update everything about one donation. Raises client.NoAnswerError."""
    with transaction.atomic():
        locked = Donation.objects.select_for_update(of=("self",)).select_related("fund").get(pk=donation.pk)
        apply_session(locked, donation.session_id)
        if locked.subscription_id:
            for invoice in client.invoices_of(locked.subscription_id):
                _apply_invoice(locked, invoice)


def apply_session(donation: Donation, session_id: str) -> None:
    """Write the state of a session and of its payments to a locked donation. Raises client.NoAnswerError."""
    session = client.session(session_id)
    if as_uuid(session.donation) != donation.pk or _is_superseded(donation, session):
        return
    _write_session(donation, session, timezone.now())
    if session.subscription_id:
        _apply_subscription(donation, session.subscription_id)
    if session.invoice_id:
        _apply_invoice(donation, client.invoice(session.invoice_id))
    if session.intent_id:
        _apply_payment(donation, session.intent_id)
    if session.status == Donation.Session.EXPIRED:
        raise_alarm(donation, timezone.now())


def as_uuid(text: str) -> UUID | None:
    """Return the text as a UUID, or None if it isn't one."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _lock(**key: object) -> Donation | None:
    """Lock and return the donation with this key, until the transaction ends; None if it or the key is missing."""
    if not all(key.values()):
        return None
    return Donation.objects.select_for_update(of=("self",)).select_related("fund").filter(**key).first()


def _ask_origin(intent_id: str) -> tuple[UUID | None, str]:
    """Ask Stripe for the donation and the invoice ("" for a single donation) of a payment that we don't know yet."""
    payment = client.payment(intent_id)
    if payment.donation:
        return as_uuid(payment.donation), ""
    invoice = client.invoice_of(intent_id)
    return (as_uuid(invoice.donation), invoice.id) if invoice else (None, "")


def _is_superseded(donation: Donation, session: SessionRecord) -> bool:
    """Return whether the donation already has another session, and nothing was paid in this one."""
    return donation.session_id not in ("", session.id) and session.status != Donation.Session.COMPLETE


def _write_session(donation: Donation, session: SessionRecord, now: datetime) -> None:
    donation.session_id, donation.session_status = session.id, session.status
    donation.customer_id, donation.checked_at = session.customer_id, now
    if session.email and donation.donor_hash is None:
        _write_donor(donation, session.name, session.email)
    donation.save()


def _write_donor(donation: Donation, name: str, email: str) -> None:
    """Record the donor. Keep only the hash of an address that can't receive mail, to recognise its donations by."""
    address = usable_address(email)
    donation.donor_name, donation.donor_email = tidy(name)[:MAX_NAME], address or None
    donation.donor_hash = address_hash(address or email)


def _apply_subscription(donation: Donation, subscription_id: str) -> None:
    subscription = client.subscription(subscription_id)
    if as_uuid(subscription.donation) == donation.pk:
        donation.subscription_id, donation.subscription_status = subscription.id, subscription.status
        donation.save(update_fields=["subscription_id", "subscription_status"])


def _apply_invoice(donation: Donation, invoice: InvoiceRecord) -> None:
    for intent_id in invoice.intent_ids:
        if intent_id:
            _apply_payment(donation, intent_id, invoice.id)


def _apply_payment(donation: Donation, intent_id: str, invoice_id: str = "") -> None:
    """Write a payment with its refunds and disputes, update its net amount, and queue what has to be sent, once."""
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
    _queue_messages(payment, timezone.now())
    Notice.objects.give_due(payment, timezone.now())


def _apply_reversals(payment: Payment, record: PaymentRecord) -> None:
    for model, reversals in ((Refund, record.refunds), (Dispute, record.disputes)):
        for reversal in reversals:
            values = {"payment": payment, "amount_pence": reversal.amount, "status": reversal.status}
            model.objects.update_or_create(pk=reversal.id, defaults=values | {"created_at": reversal.created})


def _queue_messages(payment: Payment, now: datetime) -> None:
    """Queue the donor's messages, once the session has given us the address, or the organisers' alarm."""
    donation = payment.donation
    if payment.status == Payment.Status.PAID and payment.receipted_at is None and donation.donor_email:
        queue_receipt(payment, now)
        for declaration in Declaration.objects.filter(donation=donation):
            declaration.send_copy(now)
    if payment.status == Payment.Status.FAILED:
        raise_alarm(donation, now)
