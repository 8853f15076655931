"""Anchor dates: days in the calendar on which communities can take a step."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from actions.communities import dates
from actions.communities.dates import HebrewMonth, Rule
from campaign.pages.position import PositionField
from campaign.versions.versioned import Part

MAX_ANCHORS = 60
MAX_DAYS = 14
MAX_DAY = 31
# The fields that each rule needs.
NEEDS: dict[str, tuple[str, ...]] = {
    Rule.YEARLY: ("day", "month"),
    Rule.HEBREW: ("day", "hebrew_month"),
    Rule.ONCE: ("on",),
}
# Raised if a rule names no day, or leads past the end of the calendar.
UNREADABLE = (ArithmeticError, LookupError, TypeError, ValueError, StopIteration)


class AnchorDate(Part):
    """A day on which a community can take a step, such as Human Rights Day or Passover."""

    whole = "plan"
    plan = models.ForeignKey("communities.Plan", models.CASCADE, related_name="anchors")
    title = models.CharField(_("name of the day"), max_length=100, help_text=_("Such as “Human Rights Day”."))
    rule = models.CharField(
        _("which day"),
        max_length=6,
        choices=Rule,
        default=Rule.YEARLY,
        help_text=_(
            "The site finds the next one by itself. A Hebrew date begins the evening before, and visitors see that."
        ),
    )
    day = models.PositiveSmallIntegerField(
        _("day of the month"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text=_("Such as 10 for 10 December, or 15 for 15 Nisan. Leave it blank for a single date."),
    )
    month = models.PositiveSmallIntegerField(
        _("month"), null=True, blank=True, choices=list(MONTHS.items()), help_text=_("For a day each year.")
    )
    hebrew_month = models.PositiveSmallIntegerField(
        _("Hebrew month"), null=True, blank=True, choices=HebrewMonth, help_text=_("For a Hebrew date each year.")
    )
    on = models.DateField(
        _("single date"), null=True, blank=True, help_text=_("Visitors no longer see it once it is over.")
    )
    days = models.PositiveSmallIntegerField(
        _("how many days"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_DAYS)],
        help_text=_("How long it lasts, such as 8 for Passover."),
    )
    idea = models.CharField(
        _("what to do"),
        max_length=300,
        blank=True,
        help_text=_("A sentence for communities, such as “Hold a letter-writing evening”."),
    )
    order = PositionField(whole="plan")
    next_on: date | None  # set by `Plan.coming_dates`

    class Meta:
        verbose_name = _("anchor date")
        verbose_name_plural = _("anchor dates")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Raise ValidationError if the rule lacks a field, or names a day that isn't in every year."""
        missing = [name for name in NEEDS.get(self.rule, ()) if getattr(self, name) is None]
        if missing:
            raise ValidationError({name: _("Fill this in for this kind of date.") for name in missing})
        if self.day and self.day > self._days_of_month():
            raise ValidationError({"day": _("That month doesn’t have this day in every year: choose another day.")})

    def _days_of_month(self) -> int:
        """Return how many days its month has in every year; 31 if the month is missing or unknown."""
        if self.rule == Rule.YEARLY and self.month in MONTHS:
            return dates.days_in_every_year(self.month)
        if self.rule == Rule.HEBREW and self.hebrew_month in HebrewMonth.values:
            return dates.hebrew_days_in_every_year(self.hebrew_month)
        return MAX_DAY

    def occurs_next(self, today: date) -> date | None:
        """Return the first day of the next span that isn't over by `today`; None if there is none."""
        try:
            return self._next(today)
        except UNREADABLE:
            return None

    def _next(self, today: date) -> date | None:
        if self.rule == Rule.YEARLY and self.month and self.day:
            return dates.next_yearly(self.month, self.day, today, self.days)
        if self.rule == Rule.HEBREW and self.hebrew_month and self.day:
            return dates.next_hebrew(self.hebrew_month, self.day, today, self.days)
        is_coming = self.rule == Rule.ONCE and self.on and self.on + timedelta(days=self.days - 1) >= today
        return self.on if is_coming else None

    @property
    def begins_the_evening_before(self) -> bool:
        """Return whether it is a Hebrew date."""
        return self.rule == Rule.HEBREW

    @property
    def last_on(self) -> date | None:
        """Return the last day of the span that begins at `next_on`."""
        return self.next_on + timedelta(days=self.days - 1) if self.next_on else None
