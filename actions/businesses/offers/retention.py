"""Retention rules for what people enter to endorse, commit or reply."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from actions.businesses.models import CommitmentOffer, CompanyReply, EndorsementOffer, Notice
from campaign.privacy.retention import rule

OFFERS = (EndorsementOffer, CommitmentOffer)


@rule(_("An endorsement or a company’s commitment that was not confirmed"), "PLEDGE_CONFIRM_DAYS")
def delete_unconfirmed(before: datetime) -> int:
    """Delete offers sent before the given time (aware), which can no longer be confirmed."""
    old = [model.objects.filter(confirmed_at=None, asked_at__lt=before) for model in OFFERS]
    return sum(rows.delete()[0] for rows in old)


@rule(_("The code made from the network used to send a form about businesses"), "KEEP_NETWORK_DAYS")
def erase_networks(before: datetime) -> int:
    """Erase the network hashes of offers and replies sent before the given time (aware)."""
    models = (*OFFERS, CompanyReply)
    old = [model.objects.exclude(network=None).filter(asked_at__lt=before) for model in models]
    return sum(rows.update(network=None) for rows in old)


@rule(
    _("Who sent an endorsement or a company’s commitment, after the last activity"),
    "KEEP_COMPANY_CONTACTS_DAYS",
)
def delete_offers(before: datetime) -> int:
    """Delete offers without activity since the given time (aware). What an organiser has published stays.

    As long as a company can reply to a notice, its commitments stay too: the notice may have gone to a sender, and its
    link works only as long as we know that address.
    """
    now = before + timedelta(days=settings.KEEP_COMPANY_CONTACTS_DAYS)
    written_to = Notice.objects.answerable(now).values("brand")
    rows = [EndorsementOffer.objects.all(), CommitmentOffer.objects.exclude(brand__in=written_to)]
    return sum(found.filter(active_at__lt=before).delete()[0] for found in rows)


@rule(_("Who replied on behalf of a company"), "KEEP_COMPANY_CONTACTS_DAYS")
def delete_replies(before: datetime) -> int:
    """Delete replies received before the given time (aware). Published ones stay in the ledger, without a sender."""
    count, _by_model = CompanyReply.objects.filter(asked_at__lt=before).delete()
    return count
