"""Letters for visitors to send to their MP, and the parts from which they write their own."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from actions.letters import placeholders
from actions.letters.recipients import Body
from campaign.letters.models import Worded
from campaign.links.fields import HTTPS_ONLY, HttpsField
from campaign.pages.models import Page
from campaign.pages.position import PositionField
from campaign.pages.published import Published
from campaign.pages.shared import Shared
from campaign.pages.sources import a_document
from campaign.versions.versioned import Part

USABLE = _(
    "You can use {{ mp.display_name }}, {{ mp.salutation }}, {{ constituency.name }}, {{ sender.name }}, "
    "{{ sender.address }} and {{ date }}."
)
MIN_POINTS, MAX_POINTS = 2, 3
FIND_YOUR_MP = "find-your-mp"


class Letter(Shared, Published):
    """A letter to send as it is, and the parts from which visitors make their own."""

    parts: ClassVar[tuple[str, ...]] = ("wordings", "points", "asks")

    recipients = models.ForeignKey(
        Body,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("goes to a member of"),
        help_text=_(
            "Who gets the letter. Visitors’ postcodes then find their own member. Leave it blank for a "
            "letter to somebody else."
        ),
    )
    subject = models.CharField(
        _("subject"),
        max_length=200,
        validators=[placeholders.check],
        help_text=_("The subject of the e-mail, and the heading of the letter."),
    )
    body = models.TextField(
        _("text"),
        max_length=10_000,
        validators=[placeholders.check],
        help_text=format_lazy(
            "{} {}", _("The whole letter, as people download it. Leave an empty line between paragraphs."), USABLE
        ),
    )
    opening = models.TextField(
        _("opening"),
        max_length=2_000,
        blank=True,
        validators=[placeholders.check],
        help_text=format_lazy(
            "{} {}",
            _("How the writer’s own letter begins, with “Dear …”. Keep it short: the rest is for the writer."),
            USABLE,
        ),
    )
    question = models.CharField(
        _("question to the writer"),
        max_length=300,
        blank=True,
        help_text=_("A question that helps people write in their own words, such as “Why does this matter to you?”"),
    )
    closing = models.TextField(
        _("closing"),
        max_length=2_000,
        blank=True,
        validators=[placeholders.check],
        help_text=_(
            "How the writer’s own letter ends: what you ask for, “Yours sincerely” and the writer’s name, {{ "
            "sender.name }}."
        ),
    )
    read_more = models.ForeignKey(
        Page,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("further reading"),
        help_text=_(
            "A page of this site that helps people write, such as one with the facts. The letter’s page links to it."
        ),
    )

    class Meta(Published.Meta):
        verbose_name = _("letter")
        verbose_name_plural = _("letters")

    def get_absolute_url(self) -> str:
        return reverse("letters:letter", args=[self.slug])

    def clean(self) -> None:
        if self.slug == FIND_YOUR_MP:
            raise ValidationError({"slug": _("The site uses this address itself: choose another.")})

    def openings(self) -> list[str]:
        """Return all the openings. Each writer gets one of them."""
        return [self.opening, *(one.text for one in self.wordings.all() if one.part == Wording.Place.OPENING)]

    def closings(self) -> list[str]:
        """Return all the closings. Each writer gets one of them."""
        return [self.closing, *(one.text for one in self.wordings.all() if one.part == Wording.Place.CLOSING)]

    @property
    def has_parts(self) -> bool:
        """Return whether there are enough parts for visitors to make their own letter."""
        return bool(self.opening) and len(self.points.all()) >= MIN_POINTS and bool(self.asks.all())


class Wording(Part):
    """An alternative opening or closing for a letter."""

    class Place(models.TextChoices):
        OPENING = "opening", _("opening")
        CLOSING = "closing", _("closing")

    whole = "letter"
    letter = models.ForeignKey(Letter, models.CASCADE, related_name="wordings")
    part = models.CharField(
        _("part"),
        max_length=7,
        choices=Place,
        help_text=_(
            "Whether this is another opening or another closing. Each writer gets one of each, so that letters differ."
        ),
    )
    text = models.TextField(
        _("text"),
        max_length=2_000,
        validators=[placeholders.check],
        help_text=_("Write it out in full: an opening from “Dear …”, a closing down to the name."),
    )
    order = PositionField(whole="letter")

    class Meta:
        verbose_name = _("other opening or closing")
        verbose_name_plural = _("other openings and closings")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.get_part_display()


OTHER_WORDINGS: dict[str, Any] = {
    "verbose_name": _("other wordings"),
    "max_length": 4_000,
    "blank": True,
    "validators": [placeholders.check],
    "help_text": _("The same in other words, one wording on each line. Each writer gets one, so that letters differ."),
}


class Point(Worded):
    """A point to make in a letter, why it matters, and its source."""

    whole = "letter"
    letter = models.ForeignKey(Letter, models.CASCADE, related_name="points")
    title = models.CharField(_("point"), max_length=120, help_text=_("What people choose from the list."))
    text = models.TextField(
        _("text in the letter"),
        max_length=1_000,
        validators=[placeholders.check],
        help_text=_("One short sentence: the rest of the letter is for the writer."),
    )
    other_wordings = models.TextField(**OTHER_WORDINGS)
    why = models.CharField(
        _("why it matters"),
        max_length=300,
        help_text=_("One sentence that helps people choose the point. It is not part of the letter."),
    )
    source = models.CharField(_("source"), max_length=300, help_text=_("Who published it, and where."))
    url = HttpsField(
        _("link to the source"),
        max_length=500,
        blank=True,
        validators=[HTTPS_ONLY, a_document],
        help_text=_("To the document itself. If you can’t find it, leave this empty, and name the document in full."),
    )
    dated = models.CharField(
        _("date of the source"),
        max_length=80,
        help_text=_("When the source says that it was published, such as “31 August 2022”."),
    )
    order = PositionField(whole="letter")

    class Meta:
        verbose_name = _("point")
        verbose_name_plural = _("points")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title


class Ask(Worded):
    """One clear yes-or-no question for the recipient."""

    whole = "letter"
    letter = models.ForeignKey(Letter, models.CASCADE, related_name="asks")
    text = models.CharField(
        _("question"),
        max_length=400,
        validators=[placeholders.check],
        help_text=_(
            "One clear question that a member can answer with yes or no, such as “Will you write to the minister?”"
        ),
    )
    other_wordings = models.TextField(**OTHER_WORDINGS)
    order = PositionField(whole="letter")

    class Meta:
        verbose_name = _("question to ask")
        verbose_name_plural = _("questions to ask")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text
