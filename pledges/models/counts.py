"""The counts that visitors see. Only `pledges.counting.publishing` changes them, in steps."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from pledges.models.ledger import MIN_MOVE, LedgerLine

FIRST_WORDING = 1  # its count is the pledge's count minus those of all other wordings


class PublishedCountQuerySet(models.QuerySet["PublishedCount"]):
    """Queries for published counts."""

    def awaiting_line(self, now: datetime) -> Self:
        """Return counts that last changed before the day of `now` (aware) and that the ledger still lacks."""
        lines = LedgerLine.objects.filter(pledge=OuterRef("pledge")).order_by("-day").values("count")
        moved = self.alias(written=Coalesce(Subquery(lines[:1]), 0)).filter(
            models.Q(count__gte=F("written") + MIN_MOVE) | models.Q(count__lte=F("written") - MIN_MOVE)
        )
        return moved.filter(changed_at__date__lt=timezone.localdate(now))


class PublishedCount(models.Model):
    """The published count of one pledge, and when it last changed.

    `updated_at` is the version of everything published: it is later if a name has been taken off the pages since.
    """

    pledge = models.OneToOneField("pledges.Pledge", models.CASCADE, related_name="published_count", primary_key=True)
    count = models.PositiveIntegerField(default=0)
    last_number = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PublishedCountQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.pledge_id}: {self.count}"

    def move(self, change: int, now: datetime) -> None:
        """Add a positive or negative change to the count at `now` (aware). Saves nothing.

        If the machine's clock is behind, the time of the last change stays, so that no finished day is reopened.
        """
        if change:
            self.count += change
            self.changed_at = max(self.changed_at, now)


class AreaCount(models.Model):
    """The published count of one constituency. It changes at the same time as the pledge's own."""

    pledge = models.ForeignKey("pledges.Pledge", models.CASCADE, related_name="area_counts")
    area_code = models.CharField(max_length=9)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pledge", "area_code"], name="one_count_per_area")]

    def __str__(self) -> str:
        return f"{self.area_code}: {self.count}"


class TagCount(models.Model):
    """The published count of signatures that one tag has brought. It changes at the same time as the pledge's own."""

    pledge = models.ForeignKey("pledges.Pledge", models.CASCADE, related_name="tag_counts")
    tag = models.ForeignKey("tags.Tag", models.CASCADE, related_name="+")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pledge", "tag"], name="one_count_per_tag")]

    def __str__(self) -> str:
        return f"{self.tag_id}: {self.count}"

    @classmethod
    def leave(cls, pledge: int, tag: int) -> None:
        """Take a withdrawn signature out of the count now, because its tag is erased now too."""
        cls.objects.filter(pledge=pledge, tag=tag, count__gt=0).update(count=F("count") - 1)


class WordingCount(models.Model):
    """The published count of one wording other than the first. It changes at the same time as the pledge's own.

    The count of the first wording is the pledge's count minus all of its rows in this table.
    """

    pledge = models.ForeignKey("pledges.Pledge", models.CASCADE, related_name="wording_counts")
    wording = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pledge", "wording"], name="one_count_per_wording")]

    def __str__(self) -> str:
        return f"{self.wording}: {self.count}"
