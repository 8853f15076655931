"""Stripe's fee for each payment, and the payout in which it reached the bank account.

Both are read nightly, separately from the payments, so a key that may not read them never stops a payment.
"""

from datetime import datetime

from actions.fundraising.models import Payment
from actions.fundraising.stripe import client


def record_fees(since: datetime) -> None:
    """Record the fees of payments, and the payouts, since then (aware). Raises client.NoAnswerError."""
    for charge in client.charges(since=since):
        of_charge = Payment.objects.filter(charge_id=charge.charge_id, currency=charge.currency)
        of_charge.update(stripe_fee_pence=max(0, charge.fee))
    for payout in client.payouts_since(since):
        if payout.has_failed:
            Payment.objects.filter(payout_id=payout.id).update(payout_id="", paid_out_on=None)
            continue
        for charge in client.charges(payout_id=payout.id):
            payments = Payment.objects.filter(charge_id=charge.charge_id)
            payments.update(payout_id=payout.id, paid_out_on=payout.arrives_on)
