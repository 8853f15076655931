"""Updates of public data, from the wish to the report."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.audit.acts import Act
from campaign.audit.log import record
from campaign.public_data.sources import SOURCES

INTERRUPTED = "The update was interrupted, and nothing was changed. Start it again."


class DataUpdateQuerySet(models.QuerySet["DataUpdate"]):
    """Queries for updates."""

    def waiting(self) -> Self:
        """Return updates that no worker has begun, oldest first."""
        return self.filter(state="waiting", source__in=SOURCES).order_by("pk")

    def newest(self) -> Self:
        """Return the newest update of each source."""
        return self.filter(source__in=SOURCES).order_by("source", "-pk").distinct("source")

    def queue(self, user: User | None = None, *, source: str = "") -> None:
        """Queue an update of one source or of all, unless one is waiting already."""
        wanted = [self.model(source=name, asked_by=user) for name in ([source] if source else SOURCES)]
        with transaction.atomic():
            self.bulk_create(wanted, ignore_conflicts=True)
            if user:
                record(user, Act.UPDATE_DATA, self.model)

    def end_interrupted(self, now: datetime) -> int:
        """Mark as failed the updates that were running. Call this while no process can be running one."""
        return self.filter(state="running").update(state="failed", report=INTERRUPTED, ended_at=now)


class DataUpdate(models.Model):
    """One attempt to bring one data set up to date. Neither the report nor the rest contains personal data of visitors.

    `fingerprint` is that of the data that waits for a decision, and `accepted` that of the data whose losses an
    organiser has accepted. If the publisher changes the data in between, the organiser decides again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for a worker")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        HELD = "held", _("waiting for your decision")
        FAILED = "failed", _("failed; nothing was changed")

    source = models.SlugField(_("data"), max_length=30)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("started by"),
    )
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    report = models.TextField(_("report"), blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    accepted = models.CharField(max_length=64, blank=True)

    objects = DataUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("update of public data")
        verbose_name_plural = _("updates of public data")
        ordering = ["-pk"]
        permissions = [("update_data", _("Can update postcodes and MPs"))]
        constraints = [
            models.UniqueConstraint("source", condition=Q(state="waiting"), name="one_waiting_update_a_source")
        ]
        indexes = [
            models.Index(fields=["source", "-id"], name="data_updates_by_source"),
            models.Index(fields=["state"], condition=Q(state__in=["waiting", "running"]), name="open_data_updates"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.get_state_display()}"

    @property
    def label(self) -> Any:
        """Return what organisers call the data."""
        return SOURCES[self.source].label if self.source in SOURCES else self.source

    @property
    def awaits_decision(self) -> bool:
        """Return whether an organiser can still accept the losses: not once a newer update exists."""
        newer = type(self).objects.filter(source=self.source, pk__gt=self.pk)
        return self.state == self.State.HELD and not newer.exists()

    def begin(self) -> None:
        """Mark the update as running."""
        self.state = self.State.RUNNING
        self.save(update_fields=["state"])

    def end(self, state: str, report: list[str], fingerprint: str = "") -> None:
        """Store how the update ended, with the lines of its report."""
        self.state, self.report, self.fingerprint = state, "\n".join(report), fingerprint
        self.ended_at = timezone.now()
        self.save(update_fields=["state", "report", "fingerprint", "ended_at"])

    @transaction.atomic
    def accept(self, user: User) -> bool:
        """Queue the same update again, allowing the losses of exactly this data. Return False if it is too late."""
        held = type(self).objects.select_for_update().get(pk=self.pk)
        if not held.awaits_decision:
            return False
        type(self).objects.create(source=held.source, asked_by=user, accepted=held.fingerprint)
        record(user, Act.ACCEPT_LOSSES, held)
        return True
