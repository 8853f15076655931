"""The outbox: messages to send, stored in the same transaction as the reason for them."""

import uuid
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any, Optional, Self

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from campaign.mail.failures import MAIL_SERVER, UNFINISHED, Failure, NextStep
from campaign.mail.kinds import kind_name

FIRST_WAIT = timedelta(minutes=1)
MAX_WAIT = timedelta(hours=4)
MAX_DOUBLINGS = 8  # 256 minutes is already more than four hours
SPREAD = 1.25  # each wait is up to a quarter longer, so that messages delayed together aren't all retried at once
MAX_ATTEMPTS = 16
MIN_PATIENCE = timedelta(days=5)  # RFC 5321, 4.5.4.1: "at least 4-5 days"
LATE = timedelta(minutes=2)
MIN_FAILURES = 5


class MessageQuerySet(models.QuerySet["Message"]):
    """Queries for messages."""

    def waiting(self) -> Self:
        """Return messages not yet sent, dropped or given up."""
        return self.filter(done_at=None)

    def due(self, now: datetime) -> Self:
        """Return waiting messages that are due at `now` (aware), the longest overdue first."""
        return self.waiting().filter(due_at__lte=now).order_by("due_at")

    def sent(self) -> Self:
        """Return messages that a mail server has accepted."""
        return self.filter(outcome=self.model.Outcome.SENT)

    def given_up(self) -> Self:
        """Return messages that failed permanently."""
        return self.filter(outcome=self.model.Outcome.GAVE_UP)

    def send_again(self, now: datetime) -> int:
        """Queue given-up messages again at `now` (aware), as if never tried, and return how many."""
        fresh = {"attempts": 0, "first_tried_at": None, "done_at": None, "problem": ""}
        return self.given_up().update(outcome=self.model.Outcome.WAITING, due_at=now, trying_since=now, **fresh)

    def claim(self, now: datetime) -> Optional["Message"]:
        """Claim the message that has been due longest at `now` (aware), count the attempt and commit both.

        Return None if nothing is due. A message without any attempts left is returned as given up.
        """
        with transaction.atomic(durable=True):
            message = self.due(now).select_for_update(skip_locked=True).first()
            if message is not None:
                message.begin_attempt(now)
        return message

    def lock(self, claimed: "Message") -> bool:
        """Lock a claimed message until the transaction ends; return False if another worker has claimed it since.

        This may have to wait for the row's lock, which another worker may hold briefly while it looks for a message.
        """
        ours = self.waiting().filter(pk=claimed.pk, attempts=claimed.attempts)
        return ours.select_for_update().first() is not None

    def is_stalled(self, now: datetime) -> bool:
        """Return whether mail has stopped for everybody at `now` (aware), rather than for a few bad addresses."""
        return self._is_neglected(now - LATE) or self.is_failing(now - LATE)

    def goes_first(self, now: datetime) -> bool:
        """Return whether news has to wait at `now` (aware) because a message in the outbox is due.

        If the outbox hasn't moved for two minutes, news doesn't wait for it: it may be stuck for days.
        """
        return self.due(now).exists() and not self._is_neglected(now - LATE)

    def _is_neglected(self, before: datetime) -> bool:
        """Return whether a message has been due since `before` and none has finished: no worker or mail server runs."""
        moving = self.filter(outcome__in=[self.model.Outcome.SENT, self.model.Outcome.DROPPED], done_at__gt=before)
        return self.due(before).exists() and not moving.exists()

    def is_failing(self, before: datetime) -> bool:
        """Return whether every message tried after the last successful one and up to `before` (aware) has failed.

        One message is enough if its error shows that the mail server is at fault. Otherwise, five must have failed.
        """
        outcomes = [self.model.Outcome.WAITING, self.model.Outcome.GAVE_UP]
        tried = self.filter(outcome__in=outcomes, first_tried_at__lte=before)
        last_sent = self.sent().order_by("-done_at").values_list("done_at", flat=True).first()
        if last_sent is not None:
            tried = tried.filter(first_tried_at__gt=last_sent)
        problems = list(tried.order_by("first_tried_at").values_list("problem", flat=True)[:MIN_FAILURES])
        return len(problems) == MIN_FAILURES or any(problem.startswith(MAIL_SERVER) for problem in problems)


class Message(models.Model):
    """One message to send: a kind and the object it is about. The text is written when it is sent.

    It is sent at least once. Its Message-ID is made from `id`, so that a second copy can be recognised.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        DROPPED = "dropped", _("no longer needed")
        GAVE_UP = "gave-up", _("given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=60)
    object_id = models.UUIDField(_("about"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    due_at = models.DateTimeField(_("next attempt"))
    # When the message's five days began. None means when it was created.
    trying_since = models.DateTimeField(_("trying since"), null=True, blank=True)
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
        return f"{self.get_kind_display()} {self.id}"

    def get_kind_display(self) -> str:
        """Return the name of the message's kind in plain words."""
        return kind_name(self.kind)

    @property
    def queued_at(self) -> datetime:
        """Return when it was created, sent again by an organiser, or last delayed by a fault of ours (aware)."""
        return self.trying_since or self.created_at

    def begin_attempt(self, now: datetime) -> None:
        """Count an attempt, and double the wait before the next: from a minute at first to at most five hours.

        The caller commits this before writing or sending anything, so that an attempt that never ends is counted too.
        """
        if self.is_exhausted(now):
            self.finish(self.Outcome.GAVE_UP, now)
            return
        self.attempts += 1
        wait = min(FIRST_WAIT * 2 ** min(self.attempts - 1, MAX_DOUBLINGS), MAX_WAIT)
        self.due_at = now + wait * SystemRandom().uniform(1, SPREAD)
        self.first_tried_at = self.first_tried_at or now
        self.problem = UNFINISHED
        self.save(update_fields=["attempts", "due_at", "first_tried_at", "problem"])

    def is_exhausted(self, now: datetime) -> bool:
        """Return whether to give up: after 16 attempts, and at least five days since it was last queued."""
        return self.attempts >= MAX_ATTEMPTS and self.queued_at <= now - MIN_PATIENCE

    def finish(self, outcome: Outcome, now: datetime) -> None:
        """Record that there is nothing left to do."""
        self.outcome, self.done_at = outcome, now
        self.save(update_fields=["outcome", "done_at", "problem"])

    def fail(self, failure: Failure, now: datetime) -> None:
        """Record why the attempt failed and what happens next, unless another worker has since begun a new attempt."""
        changed: dict[str, Any] = {"problem": failure.as_problem()[:100]}
        if failure.next_step is NextStep.HOLD:
            changed["trying_since"] = now
        elif self._should_give_up(failure, now):
            changed |= {"outcome": self.Outcome.GAVE_UP, "done_at": now}
        Message.objects.waiting().filter(pk=self.pk, attempts=self.attempts).update(**changed)

    def _should_give_up(self, failure: Failure, now: datetime) -> bool:
        """Return whether to give up. If a server refuses everybody, its refusal says nothing about one recipient."""
        doubted = failure.next_step is NextStep.DOUBT and not Message.objects.is_failing(now)
        return doubted or failure.next_step is NextStep.GIVE_UP or self.is_exhausted(now)
