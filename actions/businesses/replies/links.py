"""The links with which a company replies: in the message about its own commitment, and in notices to it."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from actions.businesses.models import Brand, CommitmentOffer, Entry, Notice


@dataclass(frozen=True)
class Correspondence:
    """What a link is about: the brand (None until an organiser has chosen it) and the entry (None if there is none)."""

    brand: Brand | None
    about: Entry | None
    offer: CommitmentOffer | None = None


def reply_link(notice: Notice) -> str:
    """Return the link for a notice to a company. Anybody who reads the company’s mailbox can reply with it."""
    return settings.SITE_URL + reverse("businesses:manage", args=[notice.token])


def opened_by(token: str) -> Correspondence | None:
    """Return what a link is about; None if it isn't ours or no longer works, or its subject has been erased."""
    offer = CommitmentOffer.objects.by_manage_token(token).select_related("brand", "entry").first()
    if offer:
        return Correspondence(offer.brand, offer.entry, offer)
    notice = Notice.objects.by_token(token, timezone.now())
    return Correspondence(notice.brand, notice.about) if notice else None
