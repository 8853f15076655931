"""The kinds of content that two organisers publish."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from campaign.editing.publishing import PublishingAdmin


def kind_choices() -> list[tuple[str, Any]]:
    """Return each kind of content that one organiser can publish, such as "pages.page", with its name."""
    editors: Any = [row for row in admin.site._registry.values() if isinstance(row, PublishingAdmin)]
    found = [row.opts for row in editors if not row.model.published_by_two]
    return sorted(((opts.label_lower, capfirst(opts.verbose_name_plural)) for opts in found), key=lambda one: one[1])


class JointKind(models.Model):
    """A kind of content, such as pages or pledges, that visitors see only once a second organiser has approved it."""

    model = models.CharField(
        _("kind of content"),
        max_length=60,
        unique=True,
        choices=kind_choices,
        help_text=_(
            "From now on, a second organiser has to approve before visitors see something new. What they see already "
            "stays. Ending this takes two organisers as well."
        ),
        error_messages={"unique": _("A second organiser approves this already.")},
    )

    class Meta:
        verbose_name = _("kind of content")
        verbose_name_plural = _("kinds of content")
        ordering = ["model"]
        permissions = [("approve_publishing", _("Can approve what another organiser wants to publish"))]

    def __str__(self) -> str:
        try:
            return str(capfirst(apps.get_model(self.model)._meta.verbose_name_plural))
        except LookupError:  # the site no longer has this kind
            return self.model
