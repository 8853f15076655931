"""The outbox: what is to be sent, stored in the same transaction as the reason for it."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.email_addresses.canonical import address_hash, mailbox_hash
from campaign.mail.allowance import Allowance  # noqa: F401 - a model of this app
from campaign.mail.failures import UNFINISHED, UNKNOWN_KIND
from campaign.mail.querysets import MessageQuerySet

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
MAX_DOUBLINGS = 9  # 512 minutes are more than six hours already
MOST_ATTEMPTS = 16
MIN_PATIENCE = timedelta(days=5)  # RFC 5321, 4.5.4.1: "at least 4-5 days"


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
    first_tried_at = models.DateTimeField(_("first attempt"), null=True, blank=True)
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
            models.Index(fields=["outcome", "done_at"], name="messages_finished"),
            models.Index(
                fields=["first_tried_at"],
                condition=models.Q(outcome__in=["waiting", "gave-up"]),
                name="messages_tried_in_vain",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    def begin_attempt(self, now: datetime) -> None:
        """Count an attempt and postpone the message by twice the last wait: a minute at first, six hours at most.

        The caller commits before anything is written or sent, so that an attempt that never ends counts too.
        """
        if self.is_exhausted(now):
            self.finish(self.Outcome.GAVE_UP, now)
            return
        self.attempts += 1
        self.due_at = now + min(FIRST_WAIT * 2 ** min(self.attempts - 1, MAX_DOUBLINGS), LONGEST_WAIT)
        self.first_tried_at = self.first_tried_at or now
        self.problem = UNFINISHED
        self.save(update_fields=["attempts", "due_at", "first_tried_at", "problem"])

    def is_exhausted(self, now: datetime) -> bool:
        """Return whether it has been tried 16 times and for five days; one of an unknown kind waits for its version."""
        is_known = self.problem != UNKNOWN_KIND
        return is_known and self.attempts >= MOST_ATTEMPTS and self.created_at <= now - MIN_PATIENCE

    def finish(self, outcome: Outcome, now: datetime) -> None:
        """Record that nothing more is to be done."""
        self.outcome, self.done_at = outcome, now
        self.save(update_fields=["outcome", "done_at", "problem"])

    def fail(self, problem: str, now: datetime, *, is_final: bool = False) -> None:
        """Record why the current attempt failed (a code), unless another worker has started one since."""
        self.problem = problem[:100]
        if is_final or self.is_exhausted(now):
            self.outcome, self.done_at = self.Outcome.GAVE_UP, now
        ours = Message.objects.waiting().filter(pk=self.pk, attempts=self.attempts)
        ours.update(problem=self.problem, outcome=self.outcome, done_at=self.done_at)


class NeverAgainQuerySet(models.QuerySet["NeverAgain"]):
    """Questions about mailboxes that asked never to be written to again."""

    def of_address(self, address: str) -> Self:
        """Return those that stop us writing to a normalised address: its own, and that of its mailbox without a tag."""
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
