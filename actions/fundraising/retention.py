"""Retention of donors' data. Stripe keeps its own records, as the law requires."""

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from actions.fundraising.models import Donation, Payment, StripeEvent
from campaign.privacy.retention import rule

ENDED = ["canceled", "incomplete_expired", "unpaid", ""]


@rule(_("A donation that was started but never paid"), "KEEP_UNPAID_DONATIONS_DAYS")
def delete_unfinished(before: datetime) -> int:
    """Delete donations started before then (aware) that were never charged and can no longer be paid."""
    ended = Donation.objects.filter(created_at__lt=before, subscription_status__in=ENDED)
    unpaid = ended.exclude(session_status="complete").filter(payments=None)
    count, _by_model = unpaid.delete()
    return count


@rule(_("Name and e-mail address of a donor, after the last payment"), "KEEP_DONORS_DAYS")
def erase_donors(before: datetime) -> int:
    """Erase donors whose last payment was before then (aware), unless their monthly donation is ongoing."""
    later = Payment.objects.filter(donation=OuterRef("pk"), created_at__gte=before)
    ended = Donation.objects.filter(created_at__lt=before, subscription_status__in=ENDED)
    known = ended.exclude(donor_name=None, donor_email=None)
    return known.exclude(Exists(later)).update(donor_name=None, donor_email=None)


@rule(_("A code made from the network used to make a donation"), "KEEP_NETWORK_DAYS")
def erase_networks(before: datetime) -> int:
    """Erase the hash of the network of donations started before then (aware)."""
    return Donation.objects.exclude(network=None).filter(created_at__lt=before).update(network=None)


@rule(_("Records of messages from the payment service"), "KEEP_STRIPE_EVENTS_DAYS")
def delete_events(before: datetime) -> int:
    """Delete Stripe events received before then (aware)."""
    count, _by_model = StripeEvent.objects.filter(received_at__lt=before).delete()
    return count
