"""Questions about many messages, and taking the next one to try."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Optional, Self

from django.db import models, transaction

from campaign.mail.failures import MAIL_SERVER

if TYPE_CHECKING:
    from campaign.mail.models import Message

LATE = timedelta(minutes=2)
MIN_IN_VAIN = 5


class MessageQuerySet(models.QuerySet["Message"]):
    """Questions about messages."""

    def waiting(self) -> Self:
        """Not sent, not dropped, not given up."""
        return self.filter(done_at=None)

    def due(self, now: datetime) -> Self:
        """Waiting, and to be tried at `now` (aware), the longest due first."""
        return self.waiting().filter(due_at__lte=now).order_by("due_at")

    def sent(self) -> Self:
        """Return those that a mail server has taken."""
        return self.filter(outcome=self.model.Outcome.SENT)

    def claim(self, now: datetime) -> Optional["Message"]:
        """Take the message that has been due longest at `now` (aware), and commit that it has been tried once more.

        Return None when nothing is due. A message with no attempts left is returned as given up.
        """
        with transaction.atomic(durable=True):
            message = self.due(now).select_for_update(skip_locked=True).first()
            if message is not None:
                message.begin_attempt(now)
        return message

    def lock(self, claimed: "Message") -> bool:
        """Lock a claimed message until the transaction ends; return False if another worker has claimed it since.

        Waits for the row's lock: another worker looking for its next message may hold it for a moment.
        """
        ours = self.waiting().filter(pk=claimed.pk, attempts=claimed.attempts)
        return ours.select_for_update().first() is not None

    def is_stalled(self, now: datetime) -> bool:
        """Return whether mail has stopped for everybody at `now` (aware), rather than for a few bad addresses."""
        return self._is_left_alone(now - LATE) or self._is_all_in_vain(now - LATE)

    def _is_left_alone(self, before: datetime) -> bool:
        """Return whether a message has been due since `before` and none was finished: no worker, or no mail server."""
        moving = self.filter(outcome__in=[self.model.Outcome.SENT, self.model.Outcome.DROPPED], done_at__gt=before)
        return self.due(before).exists() and not moving.exists()

    def _is_all_in_vain(self, before: datetime) -> bool:
        """Return whether nothing tried since the last message that was sent, up to `before`, has gone out.

        One message says so if the mail server's fault is plain from the error; otherwise five different ones do.
        """
        outcomes = [self.model.Outcome.WAITING, self.model.Outcome.GAVE_UP]
        tried = self.filter(outcome__in=outcomes, first_tried_at__lte=before)
        last_sent = self.sent().order_by("-done_at").values_list("done_at", flat=True).first()
        if last_sent is not None:
            tried = tried.filter(first_tried_at__gt=last_sent)
        problems = list(tried.order_by("first_tried_at").values_list("problem", flat=True)[:MIN_IN_VAIN])
        return len(problems) == MIN_IN_VAIN or any(problem.startswith(MAIL_SERVER) for problem in problems)
