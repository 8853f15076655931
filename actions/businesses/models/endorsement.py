"""Organisations that endorse the call to action."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.businesses.models.call import CallToAction
from campaign.links.fields import HTTPS_ONLY, HttpsField
from campaign.public_names.models import NAMES_HIDDEN


class EndorsementQuerySet(models.QuerySet["Endorsement"]):
    """Queries for endorsements."""

    def public(self) -> Self:
        """Return what visitors may see, by name: checked, shown, and not hidden by the panic switch."""
        shown = self.filter(~NAMES_HIDDEN, checked_at__isnull=False, shown=True)
        return shown.order_by("organisation", "pk")

    def beside(self, calls: Any, number: int) -> Any:
        """Annotate calls with the first endorsements that visitors may see, and with their total number.

        `first_endorsements` is a list of dictionaries with `organisation` and `website`.
        """
        names = JSONObject(organisation="organisation", website="website")
        public = self.public()
        counted = public.order_by().values(one=Value(1)).annotate(number=Count("pk")).values("number")
        return calls.annotate(
            first_endorsements=ArraySubquery(public.values(json=names)[:number]),
            endorsement_count=Coalesce(Subquery(counted), 0),
        )

    def to_check(self) -> Self:
        """Return the endorsements that no organiser has checked yet, oldest first."""
        return self.filter(checked_at=None, shown=True).order_by("asked_at", "pk")


class Endorsement(models.Model):
    """One organisation's endorsement of one version of the call."""

    call = models.ForeignKey(
        CallToAction,
        models.CASCADE,
        related_name="endorsements",
        verbose_name=_("call to action"),
        help_text=_("The call that the organisation endorses."),
    )
    version = models.PositiveIntegerField(
        _("version number"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The version of the call that the organisation endorsed."),
    )
    organisation = models.CharField(
        _("organisation"), max_length=150, help_text=_("Its full name, as visitors should see it.")
    )
    website = HttpsField(
        _("website"), validators=[HTTPS_ONLY], blank=True, help_text=_("The organisation’s own site. Visitors see it.")
    )
    asked_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    shown = models.BooleanField(
        _("shown to visitors"),
        default=True,
        help_text=_(
            "Untick this to take it off the site at once. Visitors see it only once an organiser has checked it."
        ),
    )
    checked_at = models.DateTimeField(_("checked"), null=True, editable=False)
    checked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("checked by")
    )

    objects: ClassVar[Any] = EndorsementQuerySet.as_manager()

    class Meta:
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")
        ordering = ["-asked_at", "-pk"]
        permissions = [("check_endorsement", _("Can check that an organisation endorses the call"))]
        indexes = [
            models.Index(fields=["-asked_at", "-id"], name="endorsements_newest"),
            models.Index(fields=["organisation", "id"], name="endorsements_by_name"),
            models.Index(fields=["asked_at"], condition=models.Q(checked_at=None), name="endorsements_to_check"),
        ]

    def __str__(self) -> str:
        return self.organisation

    @property
    def audit_title(self) -> str:
        """Return the organisation's name for the audit log."""
        return self.organisation

    def check_by(self, user: User, now: datetime) -> None:
        """Record that this organiser has checked at `now` (aware) that the organisation endorses the call."""
        self.checked_by, self.checked_at = user, now
        self.save(update_fields=["checked_by", "checked_at"])
