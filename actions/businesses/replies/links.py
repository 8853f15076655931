"""The links with which a company replies: in the message about its own commitment, and in notices to it."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from actions.businesses.models import Brand, CommitmentOffer, Entry, Notice


@dataclass(frozen=True)
class Correspondence:
    """What a link is about: the brand (None until an organiser has chosen it) and the entry (None if there is none).

    `until` is the last day on which the link works, or None if that isn't known yet.
    """

    brand: Brand | None
    about: Entry | None
    until: date | None
    offer: CommitmentOffer | None = None


def reply_link(notice: Notice) -> str:
    """Return the link in a notice to a company. Anybody who can read the company's mailbox can reply with it."""
    return settings.SITE_URL + reverse("businesses:manage", args=[notice.token])


def opened_by(token: str) -> Correspondence | None:
    """Return what a link is about, or None if it isn't ours, has expired, or its subject has been erased."""
    now = timezone.now()
    offer = CommitmentOffer.objects.by_manage_token(token).select_related("brand", "entry").first()
    if offer:
        works = timezone.localdate(now) <= offer.link_works_until
        return Correspondence(offer.brand, offer.entry, offer.link_works_until, offer) if works else None
    notice = Notice.objects.by_token(token, now)
    return Correspondence(notice.brand, notice.about, notice.link_works_until) if notice else None
