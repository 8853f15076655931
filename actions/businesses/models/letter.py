"""The parts that visitors use to write their own letter to a brand. They belong to the call to action."""

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from campaign.letters.models import Worded
from campaign.letters.placeholders import Placeholders
from campaign.pages.position import PositionField

PLACEHOLDERS = Placeholders(
    {
        "brand.name": _("[the brand’s name]"),
        "sender.name": _("[your name]"),
        "sender.town": _("[your town]"),
        "date": _("[today’s date]"),
    }
)
USABLE = _("You can use {{ brand.name }}, {{ sender.name }}, {{ sender.town }} and {{ date }}.")
MAX_POINTS = 2


def check_placeholders(text: str) -> None:
    """Raise ValidationError for a placeholder that isn't one of ours. Migrations import this by its name."""
    PLACEHOLDERS.check(text)


class LetterParts(models.Model):
    """The subject, opening and closing of visitors' letters to brands, and a question to help them write the rest."""

    letter_subject = models.CharField(
        _("subject of the letter"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        validators=[check_placeholders],
        help_text=_("The subject of the e-mail, such as “A question from a customer of {{ brand.name }}”."),
    )
    letter_opening = models.TextField(
        _("opening of the letter"),
        max_length=1_000,
        blank=True,
        default="",
        db_default="",
        validators=[check_placeholders],
        help_text=format_lazy(
            "{} {}",
            _("How a visitor’s letter to a brand begins, with “Dear …”. Be polite, and keep it to a sentence."),
            USABLE,
        ),
    )
    letter_question = models.CharField(
        _("question to the writer"),
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "A question that helps people write in their own words, such as “What do you buy from this brand?”"
        ),
    )
    letter_closing = models.TextField(
        _("closing of the letter"),
        max_length=1_000,
        blank=True,
        default="",
        db_default="",
        validators=[check_placeholders],
        help_text=_(
            "How the letter ends: one clear question, “Yours faithfully” and the writer’s name, {{ sender.name }}."
        ),
    )

    class Meta:
        abstract = True

    @property
    def has_letter(self) -> bool:
        """Return whether visitors have what they need to write to a brand."""
        has_texts = self.letter_subject and self.letter_opening and self.letter_closing
        return bool(has_texts) and bool(self.letter_points.all())  # type: ignore[attr-defined]


class LetterPoint(Worded):
    """A point that visitors can make in their letter to a brand."""

    whole = "call"
    call = models.ForeignKey("businesses.CallToAction", models.CASCADE, related_name="letter_points")
    title = models.CharField(_("point"), max_length=120, help_text=_("What people choose from the list."))
    text = models.TextField(
        _("text in the letter"),
        max_length=600,
        validators=[check_placeholders],
        help_text=_("One short, factual sentence: the rest of the letter is for the writer."),
    )
    other_wordings = models.TextField(
        _("other wordings"),
        max_length=2_400,
        blank=True,
        validators=[check_placeholders],
        help_text=_("The same in other words, one wording on each line. Each writer gets one, so that letters differ."),
    )
    order = PositionField(whole="call")

    class Meta:
        verbose_name = _("point for letters to brands")
        verbose_name_plural = _("points for letters to brands")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title
