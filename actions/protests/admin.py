"""Protests in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actions.protests.calendar.events import CANCELLED_FOR
from actions.protests.coming.admin import ComingAdmin
from actions.protests.forms import ChangeForm, ChangeFormSet, ProtestForm, ScheduleForm, ScheduleFormSet
from actions.protests.models import Place, Protest, ProtestChange, Schedule, read_each
from actions.protests.months.admin import MonthAdmin
from actions.protests.months.warnings import WarningAdmin
from campaign.forms.clock import ClockField, ClockInput
from campaign.modeladmin import HubModelAdmin, SearchesRows, organiser
from campaign.pages.admin import PUBLISHING, SHARING, PublishedAdmin
from campaign.pages.ordering import RowsInline

# A form with more lines than this would have more fields than Django accepts.
MAX_CHANGES = 60
CLOCKS: dict[Any, Any] = {models.TimeField: {"form_class": ClockField, "widget": ClockInput}}


class ScheduleInline(SearchesRows, RowsInline):
    """The schedules: when and where a protest usually takes place, from one date to the next."""

    model = Schedule
    form = ScheduleForm
    formset = ScheduleFormSet
    formfield_overrides = CLOCKS
    autocomplete_fields = ["place"]
    fieldsets = [
        (
            None,
            {
                "description": _(
                    "To change the day, the time or the place from a certain date onwards, leave this schedule alone "
                    "and add another one below that begins on that date. Earlier dates then don’t change."
                ),
                "fields": [
                    *("repeats", "weekdays", "every", "ordinal", "days"),
                    *(("first_on", "last_on"), ("start_time", "end_time"), "place"),
                ],
            },
        )
    ]

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Return how many empty schedules to offer: one if the protest has none yet."""
        return 0 if obj and obj.schedules.exists() else 1


class ProtestChangeInline(SearchesRows, RowsInline):
    """Changed dates. Those that ended more than a month ago are kept, but not shown."""

    model = ProtestChange
    form = ChangeForm
    formset = ChangeFormSet
    formfield_overrides = CLOCKS
    autocomplete_fields = ["new_place"]
    fields = [("on", "kind"), ("new_on", "new_start", "new_end"), "new_place", "note"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return changed dates from a month ago onwards: at most 60 if the URL names a protest."""
        since = timezone.localdate() - CANCELLED_FOR
        rows = super().get_queryset(request).filter(Q(on__gte=since) | Q(new_on__gte=since))
        match = request.resolver_match
        key = (match.kwargs.get("object_id") if match else None) or ""
        if not key.isdecimal():
            return rows
        return rows.filter(pk__in=rows.filter(protest=key).order_by("on").values("pk")[:MAX_CHANGES])


@admin.register(Protest)
class ProtestAdmin(MonthAdmin, WarningAdmin, ComingAdmin, PublishedAdmin):
    """Protests. Organisers set their times and places, confirm them, and cancel or move individual dates."""

    empty_message = _(
        "There are no protests yet. Add one with its day, time and place, and confirm that it will take place."
    )
    form = ProtestForm
    list_display = ["title", "state", "confirmed_on", "published", "updated_at"]
    inlines = [ScheduleInline, ProtestChangeInline]
    readonly_fields = ["confirmed_on", "confirmed_by", "next_dates"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "summary", "details", "what_to_bring", "safety_notes"]}),
        (
            _("Facts, which visitors see as soon as you save"),
            {"fields": ["next_dates", "timezone", "legal_contact", "takes_names"]},
        ),
        (
            _("Confirmation"),
            {"fields": ["confirm", "confirmed_on", "confirmed_by"]},
        ),
        (_("Warnings"), {"fields": ["warn_of_bank_holidays", "warn_of_holy_days", "warn_of_fasts"]}),
        SHARING,
        PUBLISHING,
    ]

    class Media:
        js = ["protest.js"]

    @admin.display(description=_("next dates"))
    def next_dates(self, protest: Protest) -> str:
        """Return the next five saved dates in words, one on each line."""
        read = read_each([protest], lambda one: one.dates(timezone.now())) if protest.pk else []
        lines = [(in_words(one),) for _protest, dates in read for one in dates]
        return format_html_join("", "<div>{}</div>", lines) or gettext("none")

    def get_fieldsets(self, request: HttpRequest, obj: Protest | None = None) -> Any:
        """Leave out the confirmation box if the organiser has only view permission, as it has no value to show."""
        fieldsets: Any = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return fieldsets
        return [
            (name, options | {"fields": [one for one in options["fields"] if one != "confirm"]})
            for name, options in fieldsets
        ]

    def save_model(self, request: HttpRequest, obj: Protest, form: forms.ModelForm, change: bool) -> None:
        """Save the protest. If the box is ticked, record who has confirmed the protest and when."""
        if form.cleaned_data.get("confirm"):
            obj.confirm(organiser(request))
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the inlines. If the day, time or place has changed, clear any confirmation except a new one."""
        super().save_related(request, form, formsets, change)
        schedules = [formset for formset in formsets if formset.model is Schedule]
        if form.cleaned_data.get("confirm"):
            return
        if "timezone" in form.changed_data or any(formset.has_changed() for formset in schedules):
            Protest.objects.filter(pk=form.instance.pk).end_confirmations()

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        """Return Django's formsets. Pass the schedules to the formset of changed dates, which checks against them."""
        made: Any = super()._create_formsets(request, obj, change)  # type: ignore[misc]
        by_model = {formset.model: formset for formset in made[0]}
        if ProtestChange in by_model:
            by_model[ProtestChange].schedules = by_model.get(Schedule)
        return made


def in_words(occasion: Any) -> str:
    """Return an occasion's day and time in words, and say so if it is cancelled or moved."""
    if occasion.cancelled:
        return gettext("%(date)s: cancelled") % {"date": occasion}
    if occasion.moved:
        return gettext("%(date)s (moved), %(place)s") % {"date": occasion, "place": occasion.place.name}
    return str(occasion)


@admin.register(Place)
class PlaceAdmin(HubModelAdmin):
    """The places where protests are held."""

    empty_message = _("There are no places yet. Add the place of your first protest.")
    list_display = ["name", "address", "stations", "updated_at"]
    search_fields = ["name", "address"]
    fieldsets = [
        (None, {"fields": ["name", "address", "country"]}),
        (_("Getting there"), {"fields": ["stations", "step_free", "toilets", ("latitude", "longitude")]}),
    ]

    def save_model(self, request: HttpRequest, obj: Place, form: forms.ModelForm, change: bool) -> None:
        """Save the place. If its name, address or coordinates have changed, clear its protests' confirmations."""
        super().save_model(request, obj, form, change)
        if change and not Place.WHERE.isdisjoint(form.changed_data):
            Protest.objects.filter(pk__in=held_at(obj)).end_confirmations()


def held_at(place: Place) -> list[int]:
    """Return the primary keys of confirmed protests that are or will be held at a place."""
    confirmed = Protest.objects.filter(schedules__place=place, confirmed_on__isnull=False).distinct().with_dates()
    read = read_each(confirmed, lambda protest: {schedule.place_id for schedule in protest.schedules_to_come()})
    return [protest.pk for protest, places in read if place.pk in places]
