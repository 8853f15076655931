"""How long what donors told us is kept. Stripe keeps its own books, by law."""

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from actions.fundraising.models import Donation, Payment, StripeEvent
from campaign.privacy.retention import rule

ENDED = ["canceled", "incomplete_expired", "unpaid", ""]


@rule(_("A gift that was begun and never paid"), "KEEP_UNPAID_DONATIONS_DAYS")
def delete_unfinished(before: datetime) -> int:
    """Delete donations begun before then (aware) for which nothing was ever charged, and that can't be paid now."""
    ended = Donation.objects.filter(created_at__lt=before, subscription_status__in=ENDED)
    unpaid = ended.exclude(session_status="complete").filter(payments=None)
    count, _by_model = unpaid.delete()
    return count


@rule(_("Name and e-mail address of a donor, after the last payment"), "KEEP_DONORS_DAYS")
def erase_donors(before: datetime) -> int:
    """Erase who gave, where the last payment was before then (aware) and no monthly gift goes on."""
    later = Payment.objects.filter(donation=OuterRef("pk"), created_at__gte=before)
    over = Donation.objects.filter(created_at__lt=before, subscription_status__in=ENDED)
    over = over.exclude(donor_name=None, donor_email=None)
    return over.exclude(Exists(later)).update(donor_name=None, donor_email=None)


@rule(_("The code made from the network that a gift came from"), "KEEP_NETWORK_DAYS")
def erase_networks(before: datetime) -> int:
    """Erase the hash of the network of gifts begun before then (aware)."""
    return Donation.objects.exclude(network=None).filter(created_at__lt=before).update(network=None)


@rule(_("That a message of the payment service was dealt with"), "KEEP_STRIPE_EVENTS_DAYS")
def delete_events(before: datetime) -> int:
    """Delete notes of messages received before then (aware)."""
    count, _by_model = StripeEvent.objects.filter(received_at__lt=before).delete()
    return count
