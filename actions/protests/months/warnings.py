"""Warnings about clashes in the admin: on the protest form, and after a schedule is saved."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.contrib import messages
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import ngettext

from actions.protests.models import Protest, Schedule, read_each
from actions.protests.undecided import WARNED, Undecided, undecided
from campaign.editing.admin import VersionedAdmin
from campaign.modeladmin import has_changed

MAX_LISTED = 60
# The fields of a protest that decide which dates clash.
DECIDING = {"timezone", "warn_of_holy_days", "warn_of_fasts", "warn_of_bank_holidays"}


class WarningAdmin(VersionedAdmin):
    """A form that lists the undecided dates, each with one button that cancels it and one that keeps it."""

    change_form_template = "admin/protests/protest/change_form.html"
    change_list_template = "admin/protests/protest/change_list.html"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add the clashes in the next twelve months, if this organiser may decide about them."""
        row = context.get("original")
        may_decide = row is not None and self.has_change_permission(request, row)
        found = clashing(row.pk) if row and may_decide else []
        new = {"clashes": found[:MAX_LISTED], "more": len(found) > MAX_LISTED}
        return super().render_change_form(request, context | new, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Iterable[Any], change: bool) -> None:
        """Save the inlines. If a schedule has changed and dates clash, show a warning that links to them."""
        super().save_related(request, form, formsets, change)
        schedules = [formset for formset in formsets if issubclass(formset.model, Schedule)]
        is_deciding = any(map(has_changed, schedules)) or DECIDING & set(form.changed_data)
        found = clashing(form.instance.pk) if is_deciding else []
        if found:
            url = self.address("change", form.instance.pk) + "#clashes"
            messages.warning(request, format_html('<a href="{}">{}</a>', url, in_words(found)))


def clashing(key: int) -> list[Undecided]:
    """Return a saved protest's first undecided dates in the next twelve months; none if it can't be read."""
    now = timezone.now()
    protests = Protest.objects.with_dates_to_come(now).filter(pk=key)
    read = read_each(protests, lambda protest: list(islice(undecided(protest, now, WARNED), MAX_LISTED + 1)))
    return [one for _protest, found in read for one in found]


def in_words(found: list[Undecided]) -> str:
    """Return a message about the dates that clash, of which there must be at least one."""
    occasion, clashes = found[0]
    text = ngettext(
        "A date clashes: %(day)s. %(clash)s Cancel it or keep it.",
        "%(count)s dates of the next twelve months clash, the first on %(day)s. %(clash)s Cancel them or keep them.",
        len(found),
    )
    return text % {"count": len(found), "day": occasion, "clash": clashes[0].sentence}
