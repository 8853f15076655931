"""Anchor dates: days in the calendar on which communities can act."""

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
# The fields that each kind of date needs.
NEEDS: dict[str, tuple[str, ...]] = {
    Rule.YEARLY: ("day", "month"),
    Rule.HEBREW: ("day", "hebrew_month"),
    Rule.ONCE: ("on",),
}
# Raised if the fields name no day, or the next date would be past the end of the calendar.
UNREADABLE = (ArithmeticError, LookupError, TypeError, ValueError, StopIteration)


class AnchorDate(Part):
    """A day on which communities can act, such as Human Rights Day or Passover."""

    whole = "plan"
    plan = models.ForeignKey("communities.Plan", models.CASCADE, related_name="anchors")
    title = models.CharField(_("name of the day"), max_length=100, help_text=_("Such as “Human Rights Day”."))
    rule = models.CharField(
        _("kind of date"),
        max_length=6,
        choices=Rule,
        default=Rule.YEARLY,
        help_text=_(
            "The site works out the next date itself. A Hebrew date begins the evening before, and the page says so."
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
        _("month"), null=True, blank=True, choices=list(MONTHS.items()), help_text=_("For the same date every year.")
    )
    hebrew_month = models.PositiveSmallIntegerField(
        _("Hebrew month"), null=True, blank=True, choices=HebrewMonth, help_text=_("For a Hebrew date.")
    )
    on = models.DateField(
        _("single date"), null=True, blank=True, help_text=_("It disappears from the page once it is over.")
    )
    days = models.PositiveSmallIntegerField(
        _("number of days"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_DAYS)],
        help_text=_("How long it lasts, such as 8 for Passover."),
    )
    idea = models.CharField(
        _("what to do"),
        max_length=300,
        blank=True,
        help_text=_("A suggestion in one sentence, such as “Hold a letter-writing evening”."),
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
        """Raise ValidationError if this kind of date lacks a field, or if the day doesn't occur every year."""
        missing = [name for name in NEEDS.get(self.rule, ()) if getattr(self, name) is None]
        if missing:
            raise ValidationError({name: _("Fill this in for this kind of date.") for name in missing})
        if self.day and self.day > self._days_of_month():
            raise ValidationError({"day": _("This month doesn’t have that day every year. Choose another day.")})

    def _days_of_month(self) -> int:
        """Return the number of days that its month has every year, or 31 if the month is missing or unknown."""
        if self.rule == Rule.YEARLY and self.month in MONTHS:
            return dates.days_in_every_year(self.month)
        if self.rule == Rule.HEBREW and self.hebrew_month in HebrewMonth.values:
            return dates.hebrew_days_in_every_year(self.hebrew_month)
        return MAX_DAY

    def next_date(self, today: date) -> date | None:
        """Return the first day of the current or next occurrence, or None if there isn't one from `today` on."""
        try:
            return self._by_rule(today)
        except UNREADABLE:
            return None

    def _by_rule(self, today: date) -> date | None:
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
        """Return the last day of the occurrence that begins on `next_on`."""
        return self.next_on + timedelta(days=self.days - 1) if self.next_on else None
