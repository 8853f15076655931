"""The engagement plan: steps that a community can take, with materials and a calendar of anchor dates."""

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
    """A plan of steps for any community. Visitors see the first that is published."""

    parts: ClassVar[tuple[str, ...]] = ("steps", "materials", "anchors")

    details = RichTextField(
        _("introduction"),
        blank=True,
        help_text=_("The purpose of the plan, and which communities can use it. Visitors read it above the steps."),
    )

    class Meta(Published.Meta):
        verbose_name = _("plan for communities")
        verbose_name_plural = _("plans for communities")

    def get_absolute_url(self) -> str:
        return reverse("communities:index")

    def steps_with_materials(self) -> "list[Step]":
        """Return the steps in order; `found` holds each step's materials that visitors may have."""
        materials = list(self.materials.all())
        models.prefetch_related_objects(materials, "document", "picture")
        by_step: dict[int, list[Material]] = defaultdict(list)
        for material in materials:
            if material.is_available:
                by_step[material.step_id].append(material)
        steps = list(self.steps.all())
        for step in steps:
            step.found = by_step[step.pk]
        return steps

    def coming_dates(self, today: date) -> list[AnchorDate]:
        """Return the anchor dates that aren't over by `today`, the soonest first, each with its `next_on`."""
        anchors = list(self.anchors.all())
        for anchor in anchors:
            anchor.next_on = anchor.occurs_next(today)
        coming = [(anchor.next_on, anchor) for anchor in anchors if anchor.next_on]
        return [anchor for _day, anchor in sorted(coming, key=lambda pair: (pair[0], pair[1].title))]


class Step(Part):
    """One step of a plan. Its code stays the same in every version: communities' progress refers to it."""

    whole = "plan"
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="steps")
    code = models.UUIDField(default=uuid.uuid4, editable=False)
    title = models.CharField(
        _("step"), max_length=120, help_text=_("What a community does, such as “Hold a letter-writing evening”.")
    )
    details = RichTextField(
        _("what to do"), help_text=_("How to go about it, so that somebody who has never done this can begin.")
    )
    takes = models.CharField(
        _("roughly how long"),
        max_length=80,
        blank=True,
        help_text=_("How much time it takes, such as “One evening, and an hour to prepare”."),
    )
    order = PositionField(whole="plan")
    found: "list[Material]"  # the materials that visitors may have; set by `steps_with_materials`

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
        help_text=_("The step that it belongs to. Save a new step first: then you can choose it here."),
    )
    title = models.CharField(
        _("title"),
        max_length=120,
        blank=True,
        help_text=_("What visitors read, such as “Notice for your newsletter”. A document has a title of its own."),
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
        help_text=_("From the media library, such as a notice to print, or a card for social networks."),
    )
    talk = RichTextField(
        _("outline of a talk"),
        blank=True,
        help_text=_("The points of a short talk, instead of a document or a picture."),
    )
    order = PositionField(whole="plan")

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title or str(self.document or self.picture or self._meta.verbose_name)

    def clean(self) -> None:
        """Raise ValidationError unless it is one document, picture or talk, titled, for a step of the same plan."""
        if [bool(self.document_id), bool(self.picture_id), bool(self.talk)].count(True) != 1:
            raise ValidationError(
                _("Choose a document or a picture, or write the outline of a talk: one of the three.")
            )
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
        """Return the address of its document or picture on our site; "" for a talk."""
        if self.document:
            return self.document.download_url
        return self.picture.url(f"{self.picture.width}.webp") if self.picture else ""
