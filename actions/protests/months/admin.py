"""The admin's pages that show a month of protests, and those that change one date."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from actions.protests.models import Protest, ProtestChange, read_each
from actions.protests.months.chosen import ChosenDate
from actions.protests.months.forms import CancelForm, DateForm, MoveForm, ReinstateForm
from actions.protests.months.month import Month
from actions.protests.months.outcome import Outcome
from campaign.audit.acts import Act
from campaign.editing.base import EditorAdmin, name_of
from campaign.text.times import day_in_words

MAX_PROTESTS = 100
MAX_ENTRIES = 2000
PART = ProtestChange._meta.label_lower
# Where a date's page returns to: the protest form, the month of all protests or, by default, the protest's own month.
TO_FORM, TO_ALL = "form", "all"


class MonthAdmin(EditorAdmin):
    """The months of one protest and of all protests, and the pages that cancel, move or reinstate a date."""

    def pages(self) -> dict[str, tuple[str, Any]]:
        """Add the month pages (for the current month, unless the URL names another) and a page for each decision."""
        return super().pages() | {
            "months": ("months/", self.months_view),
            "months_of": ("months/<int:year>/<int:month>/", self.months_view),
            "month": ("<path:object_id>/month/", self.month_view),
            "month_of": ("<path:object_id>/month/<int:year>/<int:month>/", self.month_view),
            "cancel_date": ("<path:object_id>/dates/<str:day>/cancel/", self.cancel_date_view),
            "move_date": ("<path:object_id>/dates/<str:day>/move/", self.move_date_view),
            "reinstate_date": ("<path:object_id>/dates/<str:day>/reinstate/", self.reinstate_date_view),
        }

    # --- Months

    @method_decorator(require_safe)
    def months_view(self, request: HttpRequest, year: int | None = None, month: int = 0) -> HttpResponse:
        """Show a month of all protests."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return self._month_page(request, None, timezone.localdate(), year, month)

    @method_decorator(require_safe)
    def month_view(self, request: HttpRequest, object_id: str, year: int | None = None, month: int = 0) -> HttpResponse:
        """Show one protest's month."""
        row = self.found(request, object_id)
        return self._month_page(request, row, today_of(row), year, month)

    def _month_page(
        self, request: HttpRequest, row: Protest | None, today: date, year: int | None, number: int
    ) -> HttpResponse:
        month = Month.containing(today) if year is None else Month(year, number)
        if not month.is_shown:
            raise Http404
        rows = Protest.objects.with_dates().with_state().order_by("pk")
        shown = rows.filter(pk=row.pk) if row else rows.held_between(month.first, month.last)
        protests = list(shown[: MAX_PROTESTS + 1])
        now = timezone.now()
        read = read_each(protests[:MAX_PROTESTS], lambda protest: month.entries(protest, now))
        entries = [entry for _protest, found in read for entry in found]
        title = _("%(name)s: %(month)s") % {"name": name_of(row), "month": month.in_words} if row else month.in_words
        context = self.page(request, row, title) | {
            **{"protest": row, "month": month, "weeks": month.weeks(entries[:MAX_ENTRIES], today)},
            "is_cut_short": len(protests) > MAX_PROTESTS or len(entries) > MAX_ENTRIES,
            "unread": unreadable(protests[:MAX_PROTESTS], (protest for protest, _found in read)),
            "may_change": self.has_change_permission(request, row),
            **{"back": "" if row else TO_ALL, "weekdays": WEEKDAYS.values(), "has_entries": bool(entries)},
            "urls": {name: self._month_url(row, one) for name, one in neighbours(month, today).items() if one.is_shown},
        }
        return render(request, "admin/protests/month.html", context)

    def _month_url(self, row: Protest | None, month: Month) -> str:
        args = [month.year, month.month]
        return self.address("month_of", row.pk, *args) if row else self.address("months_of", *args)

    # --- One date

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def cancel_date_view(self, request: HttpRequest, object_id: str, day: str) -> HttpResponse:
        """Show the form that cancels a date; a valid POST cancels it."""
        return self._date_page(request, object_id, day, CancelForm, _("Cancel %(day)s"))

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def move_date_view(self, request: HttpRequest, object_id: str, day: str) -> HttpResponse:
        """Show the form that moves a date; a valid POST moves it."""
        return self._date_page(request, object_id, day, MoveForm, _("Move %(day)s"))

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def reinstate_date_view(self, request: HttpRequest, object_id: str, day: str) -> HttpResponse:
        """Show the form that reinstates or keeps a date; a valid POST records that it takes place as usual."""
        return self._date_page(request, object_id, day, ReinstateForm, _("%(day)s takes place as usual"))

    @transaction.atomic
    def _date_page(
        self, request: HttpRequest, object_id: str, day: str, form_class: type[DateForm], title: str
    ) -> HttpResponse:
        row = self.to_change(request, object_id)
        if request.method == "POST":  # one decision at a time
            Protest._base_manager.select_for_update(no_key=True).get(pk=row.pk)
        chosen = self._chosen_date(row, day)
        if chosen.is_over(timezone.now()):
            messages.error(request, _("%(day)s is over, so it can’t be changed.") % {"day": day_in_words(chosen.on)})
            return redirect(self._month_url(row, Month.containing(chosen.on)))
        form = form_class(chosen, timezone.now(), request.POST if request.method == "POST" else None)
        if form.is_valid():
            self._save_date(request, form)
            return redirect(self._after_date(request, row, chosen))
        title = title % {"day": day_in_words(chosen.on)}
        context = self.page(request, row, title) | {
            **{"form": form, "chosen": chosen, "back": back_of(request)},
            "back_url": self._month_url(row, Month.containing(chosen.occasion.starts.date())),
        }
        return render(request, "admin/protests/date.html", context, status=409 if form.is_stale else 200)

    def _chosen_date(self, row: Protest, day: str) -> ChosenDate:
        """Return the date given in a URL. Raises Http404 if it isn't a regular date of the protest."""
        protest = Protest.objects.with_dates().get(pk=row.pk)
        read = read_each([protest], lambda protest: ChosenDate.find(protest, day))
        chosen = read[0][1] if read else None
        if chosen is None:
            raise Http404
        return chosen

    def _save_date(self, request: HttpRequest, form: DateForm) -> None:
        """Save the decision, and tell the organiser what visitors see now. A second click saves nothing."""
        protest, on = form.chosen.protest, form.chosen.on
        if not form.is_done:
            form.save()
            self.audit(request, Act.CHANGE, protest, parts=[PART], kind=form.kind.value, date=on.isoformat())
        saved = Protest.objects.with_dates().get(pk=protest.pk)
        outcome = Outcome(saved, on, timezone.now())
        messages.success(request, outcome.in_words)
        for clash in outcome.clashes_of_move:
            messages.warning(request, _("Check the new date. %(clash)s") % {"clash": clash.sentence})

    def _after_date(self, request: HttpRequest, row: Protest, chosen: ChosenDate) -> str:
        """Return the address to redirect to: the page that the organiser came from, scrolled to the date."""
        if back_of(request) == TO_FORM:
            return self.address("change", row.pk) + "#clashes"
        about = None if back_of(request) == TO_ALL else row
        return self._month_url(about, Month.containing(chosen.on)) + f"#day-{chosen.on.isoformat()}"


def back_of(request: HttpRequest) -> str:
    """Return the page to return to: TO_FORM, TO_ALL, or anything else for the protest's month."""
    return request.POST.get("back", request.GET.get("back", ""))


def today_of(protest: Protest) -> date:
    """Return today's date where a protest is, or in the site's time zone if the protest can't be read."""
    return next((today for _protest, today in read_each([protest], lambda one: one.today)), timezone.localdate())


def neighbours(month: Month, today: date) -> dict[str, Month]:
    """Return the months that a month's page links to, by name."""
    return {"previous": month.previous, "following": month.following, "today": Month.containing(today)}


def unreadable(protests: list[Protest], read: Iterable[Protest]) -> list[Protest]:
    """Return the protests that aren't among those that could be read."""
    known = {protest.pk for protest in read}
    return [protest for protest in protests if protest.pk not in known]
