"""Records of when and why all public names were hidden, and by which organiser."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from campaign.audit.acts import Act
from campaign.audit.log import record


class HidingQuerySet(models.QuerySet["Hiding"]):
    """Queries for the times during which all names are hidden."""

    def current(self) -> Self:
        """Return the hiding that hasn't ended, if names are hidden now."""
        return self.filter(ended_at=None)


class Hiding(models.Model):
    """A time during which the site shows no public names. Names are hidden now if there is a row without an end.

    Queries that fetch public names include this check (`NAMES_HIDDEN`), so it needs no extra query.
    The reason comes from a list, because free text might name a supporter.
    """

    class Reason(models.TextChoices):
        DANGER = "danger", _("somebody who signed may be in danger")
        THREATS = "threats", _("people on the list are being threatened or harassed")
        COPIED = "copied", _("somebody is copying or misusing the names")
        ABUSE = "abuse", _("there are abusive names on the list")
        TAKEOVER = "takeover", _("somebody may have broken into the site or an organiser’s account")
        OTHER = "other", _("another reason")

    reason = models.CharField(_("reason"), max_length=8, choices=Reason)
    began_at = models.DateTimeField(_("hidden since"))
    began_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("hidden by")
    )
    ended_at = models.DateTimeField(_("shown again"), null=True)

    objects: ClassVar = HidingQuerySet.as_manager()

    class Meta:
        verbose_name = _("time without public names")
        verbose_name_plural = _("panic switch")
        ordering = ["-pk"]
        default_permissions = ()
        permissions = [("hide_names", _("Can hide all public names at once, and approve showing them again"))]
        constraints = [
            models.UniqueConstraint(
                fields=["ended_at"],
                condition=models.Q(ended_at=None),
                nulls_distinct=False,
                name="public_names_hidden_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M}"

    @classmethod
    @transaction.atomic
    def begin(cls, organiser: User, reason: str, now: datetime) -> bool:
        """Hide all public names from `now` (aware); return False if they are hidden already."""
        hiding = Hiding(reason=reason, began_at=now, began_by=organiser)
        Hiding.objects.bulk_create([hiding], ignore_conflicts=True)
        started = cls.objects.current().filter(began_at=now, began_by=organiser).exists()
        if started:
            record(organiser, Act.HIDE_ALL_NAMES, cls, reason=reason)
        return started

    @classmethod
    @transaction.atomic
    def end(cls, organiser: User, now: datetime) -> bool:
        """Show names again from `now` (aware), at this organiser's request; return False if they weren't hidden."""
        ended = bool(cls.objects.current().update(ended_at=now))
        if ended:
            record(organiser, Act.SHOW_ALL_NAMES, cls)
        return ended


NAMES_HIDDEN = models.Exists(Hiding.objects.current())
