"""The steps that communities have planned or taken, and their reports to the organisers."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from campaign.privacy.encrypted_field import EncryptedTextField

MAX_REPORT = 1000
MAX_REPORTS_A_DAY = 5
DAY = timedelta(days=1)


class PlannedStepQuerySet(models.QuerySet["PlannedStep"]):
    """Queries for planned steps."""

    def counts(self, left: models.QuerySet[Any], today: date) -> Counter[UUID]:
        """Return how many communities had taken each step when `today` began, by its code, excluding those that `left`.

        The excluded ones are counted separately and subtracted: an index covers the first count, and few communities
        have left.
        """
        taken = self.filter(done_on__lt=today).order_by()
        return taken._by_code() - taken.filter(community__in=left.order_by())._by_code()

    def _by_code(self) -> Counter[UUID]:
        return Counter(dict(self.values_list("code").annotate(count=Count("*"))))


class PlannedStep(models.Model):
    """A step that a community plans to take, or has taken. It refers to a step of the plan by its code."""

    community = models.ForeignKey("communities.Community", models.CASCADE, related_name="steps")
    code = models.UUIDField(_("step"))
    by = models.DateField(_("planned for"), null=True)
    done_on = models.DateField(_("done"), null=True)

    objects = PlannedStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned step")
        verbose_name_plural = _("planned steps")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("community", "code", name="one_row_a_community_and_step")]
        indexes = [models.Index(fields=["code", "done_on"], condition=Q(done_on__isnull=False), name="steps_taken")]

    def __str__(self) -> str:
        return str(self.code)


class ReportQuerySet(models.QuerySet["Report"]):
    """Queries for reports."""

    def unread(self) -> Self:
        """Return reports that no organiser has marked as read."""
        return self.filter(read_at=None)

    def limit_reached(self, community: Any, now: datetime) -> bool:
        """Return whether a community has sent five reports, the most allowed, in the 24 hours before `now` (aware)."""
        recent = self.filter(community=community, sent_at__gt=now - DAY).order_by()
        return recent[:MAX_REPORTS_A_DAY].count() == MAX_REPORTS_A_DAY


class Report(models.Model):
    """A community's account of what it did. It is encrypted, and only organisers read it."""

    community = models.ForeignKey(
        "communities.Community", models.CASCADE, related_name="reports", verbose_name=_("community")
    )
    text = EncryptedTextField(_("what they did"))
    sent_at = models.DateTimeField(_("received"), db_index=True)
    read_at = models.DateTimeField(_("read"), null=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report from a community")
        verbose_name_plural = _("reports from communities")
        ordering = ["-sent_at"]
        indexes = [models.Index(fields=["sent_at"], condition=Q(read_at=None), name="reports_to_read")]

    def __str__(self) -> str:
        return f"{self.sent_at:%Y-%m-%d}"
