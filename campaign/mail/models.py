"""The outbox: what is to be sent, stored in the same transaction as the reason for it."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.email_addresses.canonical import address_hash, mailbox_hash
from campaign.mail.allowance import Allowance  # noqa: F401 - a model of this app

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
MOST_ATTEMPTS = 16


class MessageQuerySet(models.QuerySet["Message"]):
    """Questions about messages."""

    def waiting(self) -> Self:
        """Not sent, not dropped, not given up."""
        return self.filter(done_at=None)

    def due(self, now: datetime) -> Self:
        """Waiting, and to be tried at `now` (aware), the longest due first."""
        return self.waiting().filter(due_at__lte=now).order_by("due_at")


class Message(models.Model):
    """One message to send: a kind and the object it is about. The text is written when it is sent.

    Sent at least once: its Message-ID is made of `id`, so that a second copy can be recognised.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        DROPPED = "dropped", _("no longer needed")
        GAVE_UP = "gave-up", _("given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=60)
    object_id = models.UUIDField(_("about"))
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    due_at = models.DateTimeField(_("next attempt"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, default=Outcome.WAITING)
    done_at = models.DateTimeField(_("finished"), null=True, blank=True)
    problem = models.CharField(_("last problem"), max_length=100, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(done_at=None), name="messages_waiting"),
            models.Index(fields=["-created_at"], name="messages_newest"),
            models.Index(fields=["object_id"], name="messages_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    def finish(self, outcome: Outcome, now: datetime) -> None:
        """Record that nothing more is to be done."""
        self.outcome, self.done_at = outcome, now
        self.save(update_fields=["outcome", "done_at", "attempts", "problem"])

    def retry_later(self, problem: str, now: datetime) -> None:
        """Try again after twice the last wait (a minute at first, six hours at most), 16 times in all."""
        self.attempts += 1
        self.problem = problem[:100]
        if self.attempts >= MOST_ATTEMPTS:
            self.finish(self.Outcome.GAVE_UP, now)
            return
        self.due_at = now + min(FIRST_WAIT * 2 ** (self.attempts - 1), LONGEST_WAIT)
        self.save(update_fields=["due_at", "attempts", "problem"])


class NeverAgainQuerySet(models.QuerySet["NeverAgain"]):
    """Questions about mailboxes that asked never to be written to again."""

    def of_address(self, address: str) -> Self:
        """Those that keep us from writing to a normalised address: its own, and that of its mailbox without a tag."""
        return self.filter(address_hash__in=[address_hash(address), mailbox_hash(address)])

    def is_suppressed(self, address: str) -> bool:
        """Return whether nothing may be sent to a normalised address, because its mailbox asked for that."""
        return self.of_address(address).exists()


class NeverAgain(models.Model):
    """A mailbox that asked never to be written to again: its keyed hash (`mailbox_hash`), and since when."""

    address_hash = models.BinaryField(max_length=32, unique=True)
    since = models.DateField(_("since"), auto_now_add=True)

    objects = NeverAgainQuerySet.as_manager()

    class Meta:
        verbose_name = _("address never to be written to")
        verbose_name_plural = _("addresses never to be written to")

    def __str__(self) -> str:
        return f"{self.since}"


class DevMessage(models.Model):
    """A sent message kept for `/dev/mailbox/`; only written in development."""

    to = models.CharField(max_length=400)
    subject = models.CharField(max_length=400)
    body = models.TextField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.subject
