"""Tests: a mailing that organisers send to themselves before they send it to anybody else."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction

from campaign.audit.acts import Act
from campaign.audit.log import record
from campaign.mail.models import Message
from campaign.mailings.models.mailing import Mailing

TEST = "mailings.test"
MAX_TESTS = 10
PERIOD = timedelta(hours=1)


class TestMessage(models.Model):
    """An organiser's request for a test of a mailing. The outbox sends the draft as it is then."""

    __test__ = False  # tells pytest that this isn't a test

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="+")
    organiser = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.pk}"

    @classmethod
    @transaction.atomic
    def request(cls, mailing: Mailing, by: User, now: datetime) -> bool:
        """Queue a test to this organiser at `now` (aware), at most ten an hour. Return whether it was queued."""
        User.objects.select_for_update(no_key=True).get(pk=by.pk)  # so that both of two simultaneous clicks are counted
        if cls.objects.filter(organiser=by, asked_at__gt=now - PERIOD).count() >= MAX_TESTS:
            return False
        test = cls.objects.create(mailing=mailing, organiser=by, asked_at=now)
        Message.objects.create(kind=TEST, object_id=test.pk, due_at=now)
        record(by, Act.TEST_MAILING, mailing)
        return True
