"""Subscribers: people who get news without having signed anything."""

from datetime import datetime
from typing import ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.confirming.attempts import Attempted, AttemptsQuerySet
from campaign.confirming.models import ConfirmedByMail, ConfirmedByMailQuerySet, oldest_confirmable
from campaign.mail.models import Message
from campaign.mailings.models import Delivery
from campaign.privacy.erasures import Erasure, end_of_day, record

CONFIRM = "news.confirm"
NO_PLEDGE = "0"  # in the place of a pledge in the journal of erasures
NEWS_SOURCE = "news.subscribers"  # the name under which deliveries refer to subscribers


class SubscriberQuerySet(AttemptsQuerySet, ConfirmedByMailQuerySet):
    """Queries for subscribers. The limits leave room for a stall, where many people share one network."""

    max_from_network = 20
    max_in_all = 5000

    @transaction.atomic
    def erase(self, now: datetime) -> int:
        """Delete the subscribers and all messages about them; return how many. Journal this at `now` (aware).

        Rows are locked in the order of their keys. The journal says only on which day, because the hash of the same
        person's mailbox or signature may be journalled at the same moment.
        """
        rows = list(self.order_by("pk").select_for_update().values_list("pk", "email_hash"))
        keys = [key for key, _hashed in rows]
        record(*(Erasure(end_of_day(now), "news", NO_PLEDGE, bytes(hashed)) for _key, hashed in rows))
        self.model.objects.filter(pk__in=keys).delete()
        Message.objects.filter(object_id__in=keys).delete()
        Delivery.objects.pseudonymise(NEWS_SOURCE, keys)
        return len(rows)


class Subscriber(Attempted, ConfirmedByMail):
    """Somebody who gets news without having signed, once they have confirmed their address.

    `email_hash` can't be compared with a signature's, so the database doesn't show whether somebody who is "counted
    only" also gets news. The row is deleted when its owner unsubscribes.
    """

    confirmation_kind = CONFIRM

    objects: ClassVar = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["-confirmed_at"]
        permissions = [("find_subscriber", _("Can look up by e-mail address whether somebody gets news"))]
        constraints = [models.UniqueConstraint("email_hash", name="one_subscriber_an_address")]
        indexes = [
            models.Index(fields=["-confirmed_at"], condition=Q(confirmed_at__isnull=False), name="subscribers_newest"),
            models.Index(fields=["id"], condition=Q(confirmed_at__isnull=False), name="subscribers_confirmed"),
            models.Index(fields=["tried_at"], condition=Q(tried_at__isnull=False), name="subscribers_tried"),
        ]

    def __str__(self) -> str:
        return str(_("Subscriber"))

    @classmethod
    @transaction.atomic
    def join(cls, email: str, network: bytes | None, now: datetime) -> None:
        """Store a request for news from a normalised address, and queue the message that asks for confirmation.

        If the address was entered before but not confirmed, queue the message again. If it was confirmed, do nothing.
        """
        rows = cls.objects.from_address(email)
        rows.filter(confirmed_at=None, asked_at__lt=oldest_confirmable(now)).delete()
        if not cls.ask(email, now):
            rows.resend(email, now)
        rows.note_attempt(network, now)

    def become_confirmed(self, now: datetime) -> None:
        """Round the times down to the hour, as for "count me only", so that no signature has the same times."""
        self.confirmed_at = _hour(now)
        self.asked_at = self.message_at = self.confirmed_at
        self.tried_at = _hour(self.tried_at) if self.tried_at else None


def _hour(time: datetime) -> datetime:
    return time.replace(minute=0, second=0, microsecond=0)
