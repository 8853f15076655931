"""The engagement plan: the steps that a community can take, their materials, and a calendar of anchor dates."""

import uuid
from collections import defaultdict
from datetime import date
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from actions.communities.models.anchors import AnchorDate
from campaign.media.models import Document, Picture
from campaign.pages.position import PositionField
from campaign.pages.published import Published
from campaign.pages.rich_text import RichTextField
from campaign.pages.shared import Shared
from campaign.versions.versioned import Part

MAX_STEPS = 30
MAX_MATERIALS = 150


class Plan(Shared, Published):
    """A plan that any community can follow. If several are published, visitors see the first."""

    parts: ClassVar[tuple[str, ...]] = ("steps", "materials", "anchors")

    details = RichTextField(
        _("introduction"),
        blank=True,
        help_text=_("What the plan is for, and which communities can use it. It appears above the steps."),
    )

    class Meta(Published.Meta):
        verbose_name = _("plan for communities")
        verbose_name_plural = _("plans for communities")

    def get_absolute_url(self) -> str:
        return reverse("communities:index")

    def steps_with_materials(self) -> "list[Step]":
        """Return the steps in order, each with the materials that visitors may have in `materials_shown`."""
        materials = list(self.materials.all())
        models.prefetch_related_objects(materials, "document", "picture")
        by_step: dict[int, list[Material]] = defaultdict(list)
        for material in materials:
            if material.is_available:
                by_step[material.step_id].append(material)
        steps = list(self.steps.all())
        for step in steps:
            step.materials_shown = by_step[step.pk]
        return steps

    def coming_dates(self, today: date) -> list[AnchorDate]:
        """Return the anchor dates that aren't over before `today`, soonest first, each with its `next_on`."""
        anchors = list(self.anchors.all())
        for anchor in anchors:
            anchor.next_on = anchor.next_date(today)
        coming = [(anchor.next_on, anchor) for anchor in anchors if anchor.next_on]
        return [anchor for _day, anchor in sorted(coming, key=lambda pair: (pair[0], pair[1].title))]


class Step(Part):
    """One step of a plan. Communities' progress refers to it by its code, which is the same in every version."""

    whole = "plan"
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="steps")
    code = models.UUIDField(default=uuid.uuid4, editable=False)
    title = models.CharField(
        _("step"), max_length=120, help_text=_("What a community does, such as “Hold a letter-writing evening”.")
    )
    details = RichTextField(
        _("what to do"), help_text=_("How to go about it, for somebody who has never done it before.")
    )
    takes = models.CharField(
        _("time needed"),
        max_length=80,
        blank=True,
        help_text=_("Roughly how long it takes, such as “One evening, and an hour to prepare”."),
    )
    order = PositionField(whole="plan")
    materials_shown: "list[Material]"  # those that visitors may have; set by `steps_with_materials`

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title


class Material(Part):
    """Something to use in a step: a document or a picture from the media library, or the outline of a talk."""

    whole = "plan"
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="materials")
    step = models.ForeignKey(
        Step,
        models.CASCADE,
        related_name="+",
        verbose_name=_("for the step"),
        help_text=_("You can choose a new step here once you have saved the draft."),
    )
    title = models.CharField(
        _("title"),
        max_length=120,
        blank=True,
        help_text=_("Such as “Notice for your newsletter”. If you leave it blank, a document shows its own title."),
    )
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("document"),
        help_text=_("From the media library, such as a leaflet. Press + to add another."),
    )
    picture = models.ForeignKey(
        Picture,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("picture"),
        help_text=_("From the media library, such as a notice to print, or a picture to share on social media."),
    )
    talk = RichTextField(
        _("outline of a talk"),
        blank=True,
        help_text=_("The main points of a short talk, instead of a document or a picture."),
    )
    order = PositionField(whole="plan")

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title or str(self.document or self.picture or self._meta.verbose_name)

    def clean(self) -> None:
        """Raise ValidationError unless it is one document, picture or talk, with a title, for a step of its plan."""
        if [bool(self.document_id), bool(self.picture_id), bool(self.talk)].count(True) != 1:
            raise ValidationError(_("Choose one document or one picture, or write the outline of a talk."))
        if not self.document_id and not self.title.strip():
            raise ValidationError({"title": _("Enter a title.")})
        if self.step_id and self.plan_id and self.step.plan_id != self.plan_id:
            raise ValidationError({"step": _("Choose a step of this plan.")})

    @property
    def is_available(self) -> bool:
        """Return whether visitors may have it: it is a talk, or its file hasn't been withdrawn."""
        file = self.document or self.picture
        return not file.is_hidden if file else bool(self.talk)

    @property
    def url(self) -> str:
        """Return the path of its document or picture, or "" for a talk."""
        if self.document:
            return self.document.download_url
        return self.picture.url(f"{self.picture.width}.webp") if self.picture else ""
