"""Changed dates: dates of a protest that are cancelled, moved or reinstated."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from actions.protests.models.occasion import ONE_DAY, WRONG_END, Occasion, is_possible, later, length, span
from actions.protests.models.place import Place
from actions.protests.models.schedule import IN_RANGE
from campaign.versions.versioned import Part

if TYPE_CHECKING:
    from actions.protests.models.schedule import Schedule

NEW = ("new_on", "new_start", "new_end", "new_place")


class ProtestChange(Part):
    """A regular date that is cancelled, moved to another time or place, or takes place as usual after all.

    It has no effect while `on` isn't a regular date of the schedule in force on that day.
    """

    class Kind(models.TextChoices):
        CANCELLED = "cancelled", _("cancelled")
        MOVED = "moved", _("moved to another time or place")
        AS_USUAL = "as_usual", _("takes place as usual")

    whole = "protest"
    is_fact = True
    protest = models.ForeignKey("protests.Protest", models.CASCADE, related_name="changes")
    on = models.DateField(
        _("regular date"),
        validators=IN_RANGE,
        help_text=_("The day on which it would otherwise take place. Visitors’ calendars show the change."),
    )
    kind = models.CharField(
        _("what changes"),
        max_length=9,
        choices=Kind,
        help_text=_(
            "To reinstate a cancelled date, choose “takes place as usual” instead of deleting the line. Calendars that "
            "show it as cancelled will then show it as usual again."
        ),
    )
    new_on = models.DateField(
        _("new date"), null=True, blank=True, validators=IN_RANGE, help_text=_("Only if it moves to another day.")
    )
    new_start = models.TimeField(
        _("new start"),
        null=True,
        blank=True,
        help_text=_("Only if it starts at another time, such as 6:30pm, by the clock where the protest is."),
    )
    new_end = models.TimeField(
        _("new end"), null=True, blank=True, help_text=_("Leave it blank if it lasts as long as usual.")
    )
    new_place = models.ForeignKey(
        Place,
        models.PROTECT,
        verbose_name=_("new place"),
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Only if it is held elsewhere."),
    )
    note = models.CharField(
        _("note"),
        max_length=200,
        blank=True,
        help_text=_("The reason, which visitors see, such as “No protest during Passover”."),
    )

    class Meta:
        verbose_name = _("changed date")
        verbose_name_plural = _("changed dates")
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["protest", "on"], name="one_change_a_date"),
            models.CheckConstraint(
                condition=~models.Q(kind="moved")
                | models.Q(new_on__isnull=False)
                | models.Q(new_start__isnull=False)
                | models.Q(new_end__isnull=False)
                | models.Q(new_place__isnull=False),
                name="moved_to_a_time_or_place",
                violation_error_message=_("Enter the new date, time or place."),
            ),
            models.CheckConstraint(
                condition=models.Q(new_start=None) | models.Q(new_end=None) | ~models.Q(new_end=models.F("new_start")),
                name="new_end_is_not_the_new_start",
                violation_error_message=WRONG_END,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.get_kind_display()}"

    def clean(self) -> None:
        """Clear the new date, times and place unless the date is moved."""
        if self.kind != self.Kind.MOVED:
            for name in NEW:
                setattr(self, name, None)

    def may_start_between(self, since: date, until: date | None) -> bool:
        """Return whether the occasion could start on the days from `since` to `until` (inclusive; None means no end).

        If the clock skips the last hour of its new day, it starts on the day after.
        """
        day = self.new_on or self.on
        return since - ONE_DAY <= day and (until is None or day <= until)

    def has_wrong_end(self, schedule: "Schedule | None") -> bool:
        """Return whether the new end can't follow the start: the new one or, without one, the schedule's.

        Return False without either.
        """
        start = self.new_start or (schedule and schedule.start_time)
        return bool(start and self.new_end and not is_possible(start, self.new_end))

    def applied_to(self, usual: Occasion, schedule: "Schedule") -> Occasion:
        """Return the occasion with this change. `schedule` is the one that `usual` comes from.

        It lasts as long as usual if there is a new start without a new end, or if the new end doesn't fit a schedule
        that has been changed since.
        """
        kept = replace(usual, note=self.note, change=self)
        if self.kind == self.Kind.CANCELLED:
            return replace(kept, cancelled=True)
        if self.kind == self.Kind.AS_USUAL:
            return kept
        start, end = self.new_start or schedule.start_time, self.new_end or schedule.end_time
        starts, ends = span(self.new_on or self.on, start, end, ZoneInfo(usual.protest.timezone))
        if (self.new_start and not self.new_end) or not is_possible(start, end):
            ends = later(starts, length(schedule.start_time, schedule.end_time))
        return replace(kept, starts=starts, ends=ends, place=self.new_place or usual.place, moved=True)
