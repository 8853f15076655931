"""Taking signatures out of the hub: asked for with a reason, approved by a second organiser, streamed, counted."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from pledges.querysets import COUNTS

OPEN_FOR = timedelta(hours=24)
CHUNK = 1000


class Export(models.Model):
    """One list that an organiser wishes to have, and what became of it. The list itself is stored nowhere."""

    class Purpose(models.TextChoices):
        DELIVERY = "delivery", _("to deliver the pledge: names and places, no e-mail addresses")
        UPDATES = "updates", _("to send news: names and e-mail addresses of those who asked for it")

    class Format(models.TextChoices):
        CSV = "csv", _("CSV")
        XLSX = "xlsx", _("Excel (XLSX)")

    pledge = models.ForeignKey("pledges.Pledge", models.PROTECT, related_name="exports", verbose_name=_("pledge"))
    purpose = models.CharField(_("what it is for"), max_length=8, choices=Purpose)
    format = models.CharField(_("format"), max_length=4, choices=Format, default=Format.CSV)
    reason = models.CharField(
        _("reason"), max_length=200, help_text=_("Who will get it, and why. The second organiser reads it.")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("asked for by")
    )
    asked_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    downloads = models.PositiveIntegerField(_("downloads"), default=0, editable=False)
    downloaded_at = models.DateTimeField(_("last downloaded"), null=True, editable=False)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=F("asked_by")),
                name="two_organisers_for_an_export",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pledge}: {self.get_purpose_display()}"

    def may_be_approved_by(self, user: User) -> bool:
        """Whether this organiser may approve it: one who may export, and did not ask for it."""
        return self.approved_by_id is None and user.pk != self.asked_by_id

    def approve(self, user: User, now: datetime) -> None:
        """Open it for a day from `now` (aware)."""
        self.approved_by, self.approved_at = user, now
        self.save(update_fields=["approved_by", "approved_at"])

    def is_open_to(self, user: User, now: datetime) -> bool:
        """Whether this organiser may download it at `now` (aware): who asked, for a day."""
        return user.pk == self.asked_by_id and self.approved_at is not None and now < self.approved_at + OPEN_FOR

    def note_download(self, now: datetime) -> None:
        """Count one more download at `now` (aware)."""
        Export.objects.filter(pk=self.pk).update(downloads=F("downloads") + 1, downloaded_at=now)

    def rows(self) -> Iterator[Sequence[str | None]]:
        """The list, its heading first, read from the database as it goes. "Count me only" can never be in it."""
        wanted = WANTED[self.purpose]
        signatures = self.pledge.signatures.filter(COUNTS, visibility__in=["public", "private"])
        if self.purpose == self.Purpose.UPDATES:
            signatures = signatures.filter(updates=True)
        yield wanted
        yield from signatures.order_by().values_list(*wanted).iterator(chunk_size=CHUNK)


# What each purpose needs, and no more.
WANTED = {
    "delivery": ("name", "organisation", "role", "kind", "town", "outward", "area_code", "country"),
    "updates": ("name", "email"),
}
