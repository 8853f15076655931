"""Forms that cancel, move or reinstate one date of a protest."""

from copy import copy
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actions.protests.forms import ChangeForm
from actions.protests.models import Occasion, Place, ProtestChange
from actions.protests.models.occasion import WRONG_END
from actions.protests.months.chosen import ChosenDate, decided
from campaign.forms.clock import ClockField
from campaign.modeladmin import KeySelect

Kind = ProtestChange.Kind
MAX_PLACES = 20


class DateForm(ChangeForm):
    """The base class of the three forms. Each records a decision about one date, and never overwrites one unseen.

    The form posts the version of the decision that it was opened with. `is_stale` says that there is a newer one.
    """

    kind: ClassVar[Kind]
    button: ClassVar[Any]
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    is_stale = False

    def __init__(self, chosen: ChosenDate, now: datetime, data: Any = None) -> None:
        """Fill in the form from the current decision if it is of the same kind, or else with suggestions."""
        self.chosen, self.now = chosen, now
        change = copy(chosen.change) if chosen.change else ProtestChange(protest=chosen.protest, on=chosen.on)
        initial: dict[str, Any] = {"seen": chosen.version}
        if change.kind != self.kind:
            initial |= dict.fromkeys(self._meta.fields or ()) | self.suggested()
            change.kind = self.kind
        super().__init__(data, instance=change, initial=initial)

    def suggested(self) -> dict[str, Any]:
        """Return the initial values for a new decision."""
        return {}

    def clean(self) -> dict[str, Any]:
        """Set `is_stale` if another organiser has decided about the date since the form was opened."""
        cleaned = super().clean()
        if cleaned.get("seen", "") != self.chosen.version:
            self.is_stale = True
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.is_stale and not self.is_done:
            posted: Any = self.data
            self.data = posted.dict() | {"seen": self.chosen.version}
            error = gettext("Somebody has changed this date since you opened the page: %(state)s. Please check it.")
            self.add_error(None, error % {"state": self.chosen.in_words})

    @property
    def is_done(self) -> bool:
        """Return whether the same decision has already been made, for instance because a button was pressed twice."""
        return self.chosen.change is not None and decided(self.chosen.change) == decided(self.instance)


class CancelForm(DateForm):
    """A form that cancels a date, with a reason."""

    kind, button = Kind.CANCELLED, _("Cancel this date")

    class Meta:
        model = ProtestChange
        fields = ("note",)
        labels: ClassVar = {"note": _("Reason")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = True

    def suggested(self) -> dict[str, Any]:
        """Return the reason "No protest: Passover (first day)", for instance, if the date clashes."""
        clashes = self.chosen.clashes
        return {"note": clashes[0].note} if clashes else {}


class ReinstateForm(DateForm):
    """A form that records that a date takes place as usual, after it was cancelled or moved, or despite a clash."""

    kind, button = Kind.AS_USUAL, _("Hold it as usual")

    class Meta:
        model = ProtestChange
        fields = ("note",)


class PlaceSelect(KeySelect):
    """A search for a place. Without scripts, it lists the 20 newest places instead."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        groups = super().optgroups(name, value, attr)
        options = groups[0][1]
        listed = {str(option["value"]) for option in options}
        for place in Place.objects.order_by("-pk")[:MAX_PLACES]:
            if str(place.pk) not in listed:
                options.append(self.create_option(name, place.pk, str(place), False, len(options)))
        return groups


class MoveForm(DateForm):
    """A form that moves a date to another day, time or place."""

    kind, button = Kind.MOVED, _("Move this date")

    class Meta:
        model = ProtestChange
        field_classes: ClassVar = {"new_start": ClockField, "new_end": ClockField}
        widgets: ClassVar = {
            "new_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "new_place": PlaceSelect(ProtestChange._meta.get_field("new_place"), admin.site),
        }
        fields = ("new_on", "new_start", "new_end", "new_place", "note")

    @property
    def media(self) -> forms.Media:
        """Return the scripts for the place search. Those for the clock would need the admin's translations."""
        return self.fields["new_place"].widget.media

    def _post_clean(self) -> None:
        """Add an error to the field if the move changes nothing or is into the past, or if the end is wrong."""
        super()._post_clean()
        schedule = self.chosen.schedule
        if not self.errors and self.instance.has_wrong_end(schedule):
            self.add_error("new_end", WRONG_END)
        if not self.errors:
            moved = self.instance.applied_to(self.chosen.usual, schedule)
            if when_and_where(moved) == when_and_where(self.chosen.usual):
                self.add_error("new_on", _("That is when and where it usually takes place."))
            elif moved.starts <= self.now:
                self.add_error("new_on", _("That is in the past."))


def when_and_where(occasion: Occasion) -> tuple[datetime, datetime, int]:
    """Return an occasion's start, its end and its place's primary key, for comparison with another occasion."""
    return occasion.starts, occasion.ends, occasion.place.pk
