"""Protests in the admin."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.protests.coming.admin import ComingAdmin
from actions.protests.models import Protest, ProtestChange
from campaign.pages.admin import PublishedAdmin
from campaign.pages.ordering import RowsInline

# The fields that an organiser confirms: changing any of them ends the confirmation.
WHEN_AND_WHERE = {"timezone"}
ENDING = ["confirm", "confirmed_on", "confirmed_by"]


class ProtestChangeInline(RowsInline):
    """Dates that are cancelled or moved."""

    model = ProtestChange
    fields = [("on", "kind"), ("new_on", "new_start", "new_end"), "new_place", "note"]


class ProtestForm(forms.ModelForm):
    """A protest, with a box for confirming when and where it takes place."""

    confirm = forms.BooleanField(
        label=_("I confirm the day, the time and the place"),
        required=False,
        help_text=_(
            "Tick this if you know that the protest will take place. Visitors see the date of your confirmation, but "
            "not your name. After eight weeks, or if the day, time or place changes, they are again asked to check "
            "before they travel."
        ),
    )


@admin.register(Protest)
class ProtestAdmin(ComingAdmin, PublishedAdmin):
    """Admin for protests: organisers set and confirm the time and place, and cancel or move individual dates."""

    empty_message = _(
        "There are no protests yet. Add one with its day, time and place, and confirm that it will take place."
    )
    form = ProtestForm
    list_display = ["title", "state", "confirmed_on", "published", "updated_at"]
    inlines = [ProtestChangeInline]
    readonly_fields = ["confirmed_on", "confirmed_by"]

    def save_model(self, request: HttpRequest, obj: Protest, form: forms.ModelForm, change: bool) -> None:
        """Record who confirmed it and when. Without a new confirmation, changing the time or place ends the old one."""
        if form.cleaned_data.get("confirm"):
            obj.confirmed_on, obj.confirmed_by = timezone.localdate(), cast(User, request.user)
        elif WHEN_AND_WHERE & set(form.changed_data):
            obj.confirmed_on = obj.confirmed_by = None
        super().save_model(request, obj, form, change)

    def get_fields(self, request: HttpRequest, obj: Protest | None = None) -> list[Any]:
        """Put the confirmation last, below the fields that it covers."""
        return [*(name for name in super().get_fields(request, obj) if name not in ENDING), *ENDING]
