"""Versions: exact copies of what organisers have published, and when visitors see them.

Rows can only be added: a trigger refuses anything else (migration 0002). Versions outlive their object, so that it can
be brought back: they store its number rather than a foreign key.
"""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.models import User
from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class VersionQuerySet(models.QuerySet["Version"]):
    """Queries for versions."""

    def of(self, model: type[models.Model], object_id: Any) -> Self:
        """Return the versions of one object; `object_id` may be an OuterRef."""
        return self.filter(model=model._meta.label_lower, object_id=object_id)

    def begun(self, now: datetime) -> Self:
        """Return the versions that had gone live by `now` (aware), newest first."""
        return self.filter(live_at__lte=now, cancellation=None).order_by("-live_at", "-number")

    def scheduled(self, now: datetime) -> Self:
        """Return the versions that go live after `now` (aware), soonest first."""
        return self.filter(live_at__gt=now, cancellation=None).order_by("live_at", "number")

    def live(self, model: type[models.Model], object_id: OuterRef | int, now: datetime) -> Self:
        """Return the version of an object that visitors see at `now` (aware). Pass an OuterRef within a subquery.

        It is the newest version that has gone live. If that has expired, the result is empty.
        """
        key = OuterRef(object_id) if isinstance(object_id, OuterRef) else object_id
        newest = Version.objects.of(model, key).begun(now).values("pk")[:1]
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), pk=Subquery(newest))

    def newest_of_deleted(self, model: Any) -> Self:
        """Return the newest version of each deleted object, the most recently deleted first."""
        rows = self.filter(model=model._meta.label_lower)
        newest = rows.exclude(object_id__in=model._base_manager.values("pk")).order_by("object_id", "-number")
        return self.filter(pk__in=newest.distinct("object_id").values("pk")).order_by("-made_at")

    def next_change(self, now: datetime) -> Least:
        """Return an expression for when any version next goes live or expires after `now` (aware), or NULL."""
        kept = self.filter(cancellation=None)
        begins = kept.filter(live_at__gt=now).order_by("live_at").values("live_at")[:1]
        ends = kept.filter(expires_at__gt=now).order_by("expires_at").values("expires_at")[:1]
        return Least(Subquery(begins), Subquery(ends))

    def coming(self, now: datetime) -> Self:
        """Return the versions that go live or expire after `now` (aware)."""
        return self.filter(Q(live_at__gt=now) | Q(expires_at__gt=now), cancellation=None)

    def not_replaced(self, now: datetime) -> Self:
        """Leave out versions that a newer version of the same object has replaced by `now` (aware)."""
        others = Version.objects.filter(model=OuterRef("model"), object_id=OuterRef("object_id"))
        later = Q(live_at__gt=OuterRef("live_at")) | Q(live_at=OuterRef("live_at"), number__gt=OuterRef("number"))
        return self.exclude(Q(live_at__lte=now) & Exists(others.begun(now).filter(later)))

    def next_change_after(self, now: datetime) -> datetime | None:
        """Return when any version next goes live or expires after `now` (aware), or None."""
        begins = Min("live_at", filter=Q(live_at__gt=now))
        ends = Min("expires_at", filter=Q(expires_at__gt=now))
        return self.coming(now).aggregate(next=Least(begins, ends))["next"]

    def next_number(self, model: type[models.Model], object_id: int) -> int:
        """Return the number of the next version of an object. Lock the object first."""
        return (self.of(model, object_id).aggregate(last=Max("number"))["last"] or 0) + 1


class Version(models.Model):
    """An object with its parts, as an organiser published or kept it.

    `live_at` is None for a version that was only kept, such as the draft that a restored version replaced.
    """

    model = models.CharField(_("kind"), max_length=60)  # such as "pages.page"
    object_id = models.BigIntegerField(_("number of the object"))
    number = models.PositiveIntegerField(_("number"))  # 1, 2, 3 ... for each object
    title = models.CharField(_("title"), max_length=150)
    content = models.JSONField(_("content"), encoder=DjangoJSONEncoder)  # see `freezing`
    schema = models.PositiveSmallIntegerField(_("form of the content"), default=1)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    author_id = models.BigIntegerField(_("number of the organiser"), null=True)
    author = models.CharField(_("organiser"), max_length=150, blank=True)
    live_at = models.DateTimeField(_("goes live"), null=True)
    expires_at = models.DateTimeField(_("expires"), null=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects: ClassVar = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["model", "object_id", "number"], name="one_version_a_number"),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(live_at__isnull=False, expires_at__gt=models.F("live_at")),
                name="version_expires_after_it_goes_live",
            ),
        ]
        indexes = [
            models.Index(fields=["model", "object_id", "-live_at", "-number"], name="live_version"),
            models.Index(fields=["live_at"], name="version_live_at"),
            GinIndex(fields=["content"], name="version_content", opclasses=["jsonb_path_ops"]),  # for uses of a picture
            models.Index(fields=["expires_at"], name="version_expires_at", condition=Q(expires_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    def cancel(self, by: User | None, now: datetime) -> None:
        """Call off a version scheduled for after `now` (aware). Do nothing if it is already live or called off.

        `by` is None if the site itself calls it off.
        """
        if self.live_at and self.live_at > now:
            author = {"author_id": by.pk, "author": by.get_username()} if by else {}
            Cancellation.objects.get_or_create(version=self, defaults={"made_at": now, **author})


class Cancellation(models.Model):
    """A record that an organiser called off a scheduled version before it went live."""

    version = models.OneToOneField(Version, models.PROTECT, related_name="cancellation")
    made_at = models.DateTimeField(_("called off"), default=timezone.now)
    author_id = models.BigIntegerField(_("number of the organiser"), null=True)
    author = models.CharField(_("organiser"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("version called off")
        verbose_name_plural = _("versions called off")

    def __str__(self) -> str:
        return str(self.version)
