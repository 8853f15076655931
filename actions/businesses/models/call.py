"""The call to action: what the campaign asks of every business."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from actions.businesses.models.letter import LetterParts
from campaign.pages.position import PositionField
from campaign.pages.published import Published
from campaign.pages.rich_text import RichTextField
from campaign.pages.shared import Shared
from campaign.versions.versioned import Part


class CallToAction(LetterParts, Shared, Published):
    """A call to every business to make a commitment. Endorsements refer to the version that was endorsed."""

    parts: ClassVar[tuple[str, ...]] = ("asks", "letter_points")

    details = RichTextField(
        _("details"),
        blank=True,
        help_text=_(
            "What you ask every business to commit to, and why. Visitors read it at the top of the page for businesses."
        ),
    )

    class Meta(Published.Meta):
        verbose_name = _("call to action")
        verbose_name_plural = _("calls to action")

    def get_absolute_url(self) -> str:
        return reverse("businesses:index")


class Ask(Part):
    """One thing that the call asks of a business."""

    whole = "call"
    call = models.ForeignKey(CallToAction, models.CASCADE, related_name="asks")
    text = models.CharField(
        _("what you ask"),
        max_length=300,
        help_text=_("One thing for a business to do, in a sentence, such as “Publish the list of your suppliers.”"),
    )
    details = models.TextField(
        _("details"),
        max_length=1000,
        blank=True,
        help_text=_(
            "What a business has to do before you count this as done. Leave this blank if the sentence says it all."
        ),
    )
    order = PositionField(whole="call")

    class Meta:
        verbose_name = _("ask")
        verbose_name_plural = _("asks")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text[:60]
