"""The call to action for businesses, and the brands' answers."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.links.fields import HTTPS_ONLY, HttpsField
from campaign.pages.published import Published
from campaign.pages.rich_text import RichTextField
from campaign.pages.shared import Shared
from campaign.pages.sources import a_document


class CallToAction(Shared, Published):
    """A call to every business to make a promise."""

    details = RichTextField(
        _("details"),
        blank=True,
        help_text=_(
            "What you ask every business to promise, and why. Visitors read it at the top of the page for businesses."
        ),
    )

    class Meta(Published.Meta):
        verbose_name = _("call to action")
        verbose_name_plural = _("calls to action")

    def get_absolute_url(self) -> str:
        return reverse("businesses:index")


class Brand(Shared, Published):
    """A brand and its answer. Any answer needs a source and a date."""

    facts: ClassVar[frozenset[str]] = Published.facts | {"status", "source_url", "as_of"}

    class Status(models.TextChoices):
        ASKED = "asked", _("No answer yet")
        PARTIAL = "partial", _("Committed in part")
        COMMITTED = "committed", _("Committed")
        REFUSED = "refused", _("Declined")

    website = HttpsField(
        _("website"),
        validators=[HTTPS_ONLY],
        blank=True,
        help_text=_("The brand’s own site. Its page here links to it."),
    )
    status = models.CharField(
        _("answer"),
        max_length=9,
        choices=Status,
        default=Status.ASKED,
        help_text=_("What the brand has answered so far. Anything but “No answer yet” needs a source and a date."),
    )
    statement = models.TextField(
        _("what the brand says"),
        max_length=2000,
        blank=True,
        help_text=_("The brand’s own words, copied exactly. Leave this blank if there are none."),
    )
    source_url = HttpsField(
        _("link to the source"),
        max_length=500,
        validators=[HTTPS_ONLY, a_document],
        blank=True,
        help_text=_("The address of the document or page in which the brand says so. It starts with https://."),
    )
    as_of = models.DateField(
        _("date of the answer"),
        null=True,
        blank=True,
        help_text=_("The day on which the brand answered, or on which you read the answer."),
    )

    class Meta(Published.Meta):
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="asked") | (models.Q(as_of__isnull=False) & ~models.Q(source_url="")),
                name="an_answer_has_source_and_date",
                violation_error_message=_("An answer needs a link to its source, and a date."),
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("businesses:brand", args=[self.slug])

    @property
    def name(self) -> str:
        """The brand's name, which is its title."""
        return self.title

    @property
    def status_label(self) -> str:
        """The brand's answer in words."""
        return self.get_status_display()
