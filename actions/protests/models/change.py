"""Changed dates: single dates of a protest that are cancelled, moved or reinstated."""

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from actions.protests.models.occasion import Occasion, later, length, span
from actions.protests.models.place import Place
from actions.protests.models.schedule import IN_RANGE
from campaign.versions.versioned import Part

if TYPE_CHECKING:
    from actions.protests.models.schedule import Schedule

ENDS_TOO_EARLY = _("It has to end after it starts.")
NEW = ("new_on", "new_start", "new_end", "new_place")


class ProtestChange(Part):
    """A date on which a protest is cancelled, is held at another time or place, or takes place as usual after all.

    It applies only while `on` is a regular date of the schedule in force that day.
    """

    class Kind(models.TextChoices):
        CANCELLED = "cancelled", _("cancelled")
        MOVED = "moved", _("moved to another time or place")
        AS_USUAL = "as_usual", _("takes place as usual")

    whole = "protest"
    is_fact = True
    protest = models.ForeignKey("protests.Protest", models.CASCADE, related_name="changes")
    on = models.DateField(
        _("usual date"),
        validators=IN_RANGE,
        help_text=_("The date on which it would usually be. Visitors’ calendars show the change."),
    )
    kind = models.CharField(
        _("what changes"),
        max_length=9,
        choices=Kind,
        help_text=_(
            "To call a cancelled date back, choose “takes place as usual” instead of deleting the line: then calendars "
            "that show it as cancelled are put right."
        ),
    )
    new_on = models.DateField(
        _("new date"), null=True, blank=True, validators=IN_RANGE, help_text=_("Only if it is on another day.")
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
                condition=models.Q(new_start=None)
                | models.Q(new_end=None)
                | models.Q(new_end__gt=models.F("new_start")),
                name="new_end_after_new_start",
                violation_error_message=ENDS_TOO_EARLY,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.get_kind_display()}"

    def clean(self) -> None:
        """Clear the new date, times and place unless the date is moved."""
        if self.kind != self.Kind.MOVED:
            for name in NEW:
                setattr(self, name, None)

    def ends_before_it_starts(self, schedule: "Schedule | None") -> bool:
        """Return whether the new end is before the start, new or usual. False if there is no schedule to tell by."""
        start = self.new_start or (schedule and schedule.start_time)
        return bool(start and self.new_end and self.new_end <= start)

    def applied_to(self, usual: Occasion, schedule: "Schedule") -> Occasion:
        """Return the occasion with this change. `schedule` gives the usual times, by the clock of the protest."""
        kept = replace(usual, note=self.note, change=self)
        if self.kind == self.Kind.CANCELLED:
            return replace(kept, cancelled=True)
        if self.kind == self.Kind.AS_USUAL:
            return kept
        start = self.new_start or schedule.start_time
        starts, ends = span(self.new_on or self.on, start, self._end(schedule), ZoneInfo(usual.protest.timezone))
        if ends <= starts or (self.new_start and not self.new_end):
            ends = later(starts, length(schedule.start_time, schedule.end_time))
        return replace(kept, starts=starts, ends=ends, place=self.new_place or usual.place, moved=True)

    def _end(self, schedule: "Schedule") -> time:
        return self.new_end or schedule.end_time
