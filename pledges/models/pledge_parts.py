"""The parts of a pledge: its demands and their entries, milestones, texts to share, and signatures on paper."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from campaign.links.fields import HTTPS_ONLY, HttpsField
from campaign.media.models import Picture
from campaign.pages.position import PositionField
from campaign.pages.sources import a_document
from campaign.versions.versioned import Part

MAX_LABEL = 60
MAX_SHARED_TEXT = 280
MAX_ENTRIES = 50


class Demand(Part):
    """One thing that signers ask for."""

    whole = "pledge"
    pledge = models.ForeignKey("pledges.Pledge", models.CASCADE, related_name="demands")
    text = models.TextField(
        _("text"),
        max_length=1000,
        help_text=_("One thing that the pledge asks for, as visitors read it. Keep it to a sentence or two."),
    )
    order = PositionField(whole="pledge")

    class Meta:
        verbose_name = _("demand")
        verbose_name_plural = _("demands")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return Truncator(self.text).chars(MAX_LABEL)

    @property
    def entries(self) -> list["DemandEntry"]:
        """Return the demand's entries, newest first. A published pledge has loaded them already."""
        own = [entry for entry in self.pledge.entries.all() if entry.demand_id == self.pk]
        return sorted(own, key=lambda entry: entry.day or date.min, reverse=True)[:MAX_ENTRIES]

    @property
    def newest_entry(self) -> "DemandEntry | None":
        """Return the entry with the demand's current status, or None if there is no entry yet."""
        return next(iter(self.entries), None)


class Event(Part):
    """Something that happened on one day, in the organisers' words, with its source."""

    whole = "pledge"
    day = models.DateField(
        _("day"),
        default=timezone.localdate,
        help_text=_("The day on which it happened, not the day on which you write."),
    )
    words = models.CharField(
        _("what happened"),
        max_length=300,
        help_text=_("A sentence or two that the source supports, such as “The minister replied that …”"),
    )
    source = models.CharField(
        _("source"), max_length=300, help_text=_("Who published it, its title, and its number if it has one.")
    )
    url = HttpsField(
        _("link to the source"),
        max_length=500,
        validators=[HTTPS_ONLY, a_document],
        blank=True,
        help_text=_("The address of the document itself. Leave it blank if the document has none."),
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return Truncator(self.words).chars(MAX_LABEL)

    def clean(self) -> None:
        if self.day and self.day > timezone.localdate():
            raise ValidationError({"day": _("This day is in the future: say only what has already happened.")})


class DemandEntry(Event):
    """Something that happened to a demand. The newest entry has the demand's current status.

    Entries aren't part of what people sign, so publishing one never changes the wording.
    """

    class Status(models.TextChoices):
        """The statuses of a demand."""

        ASKED = "asked", _("Asked")
        ANSWERED = "answered", _("Answered")
        PARTLY_MET = "partly", _("Partly met")
        MET = "met", _("Met")
        REFUSED = "refused", _("Refused")

    pledge = models.ForeignKey("pledges.Pledge", models.CASCADE, related_name="entries")
    demand = models.ForeignKey(
        Demand,
        models.CASCADE,
        related_name="+",
        verbose_name=_("demand"),
        help_text=_("Save a new demand before you say what became of it. Deleting a demand deletes its entries."),
    )
    status = models.CharField(
        _("status"),
        max_length=8,
        choices=Status,
        default=Status.ASKED,
        help_text=_("The demand’s status from that day on. Visitors see it in words beside the demand."),
    )

    class Meta:
        verbose_name = _("entry about a demand")
        verbose_name_plural = _("what became of the demands")
        ordering = ["-day", "-pk"]


class Milestone(Event):
    """A milestone, such as the delivery of the pledge. The site itself adds the round numbers reached."""

    class Kind(models.TextChoices):
        """The kinds of milestone."""

        DELIVERED = "delivered", _("Delivered")
        ANSWERED = "answered", _("Answered")
        OTHER = "other", _("Another milestone")

    pledge = models.ForeignKey("pledges.Pledge", models.CASCADE, related_name="milestones")
    kind = models.CharField(
        _("kind"),
        max_length=9,
        choices=Kind,
        default=Kind.DELIVERED,
        help_text=_("Name the person or body that received the pledge, or that answered."),
    )
    picture = models.ForeignKey(
        Picture,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="milestones",
        verbose_name=_("picture"),
        help_text=_("From the media library. Show only people who have agreed to be seen. You can leave it blank."),
    )

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["-day", "-pk"]

    @property
    def title(self) -> str:
        """Return the heading that visitors see, such as "Delivered", or "" if there is only a sentence."""
        return "" if self.kind == self.Kind.OTHER else str(self.get_kind_display())


class ShareText(Part):
    """A text in the signer's voice, which signers can change and send. The site adds the link to the pledge."""

    whole = "pledge"
    pledge = models.ForeignKey("pledges.Pledge", models.CASCADE, related_name="share_texts")
    text = models.TextField(
        _("text"),
        max_length=MAX_SHARED_TEXT,
        help_text=_(
            "As a signer would write to a friend, in up to 280 characters, without the link. Visitors can choose "
            "from the first three. Write at least one that doesn’t say that its sender has signed."
        ),
    )
    order = PositionField(whole="pledge")

    class Meta:
        verbose_name = _("text to share")
        verbose_name_plural = _("texts to share")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return Truncator(self.text).chars(MAX_LABEL)


class PaperSheet(Part):
    """Signatures on paper that organisers have counted. They are shown separately: nobody has confirmed them."""

    whole = "pledge"
    is_fact = True
    pledge = models.ForeignKey("pledges.Pledge", models.CASCADE, related_name="sheets")
    counted_on = models.DateField(
        _("counted on"), default=timezone.localdate, help_text=_("The day on which you counted them.")
    )
    place = models.CharField(
        _("where they were collected"),
        max_length=100,
        blank=True,
        help_text=_("Such as “Stall in Golders Green”. Only organisers see it."),
    )
    signatures = models.PositiveIntegerField(
        _("signatures"),
        validators=[MinValueValidator(1)],
        help_text=_(
            "How many people signed on this paper. Visitors see the total beside the confirmed signatures, "
            "not added to them."
        ),
    )

    class Meta:
        verbose_name = _("signatures on paper")
        verbose_name_plural = _("signatures on paper")
        ordering = ["counted_on", "pk"]

    def __str__(self) -> str:
        return f"{self.counted_on}: {self.signatures}"
