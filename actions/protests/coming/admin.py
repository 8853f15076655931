"""Who is coming to a protest: numbers for all organisers, and names for those with permission to see them."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from actions.protests.models import Attendee, Protest
from campaign.audit.acts import Act
from campaign.modeladmin import HubModelAdmin

SEE_NAMES = "protests.see_attendee_names"
MAX_DATES = 100
MAX_NAMES = 1000


class ComingAdmin(HubModelAdmin):
    """The part of the protests' admin that shows how many people are coming, with a page of numbers by date."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/coming/", view(self.coming_page), name="protests_protest_coming"),
            path("<int:pk>/coming/names/", view(require_POST(self.names)), name="protests_protest_names"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> Any:
        coming = Q(attendees__confirmed_at__isnull=False, attendees__ends_at__gt=timezone.now())
        return super().get_queryset(request).annotate(number_coming=Count("attendees", filter=coming))

    def get_list_display(self, request: HttpRequest) -> Any:
        return [*super().get_list_display(request), "coming"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *(["coming"] if obj else [])]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Put the number last, unless ProtestAdmin has placed it elsewhere."""
        sets = list(super().get_fieldsets(request, obj))
        is_there = obj is None or "coming" in flatten_fieldsets(sets)
        return sets if is_there else [*sets, (_("Coming along"), {"fields": ["coming"]})]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse to delete a protest that people are coming to, because they wouldn't hear about it."""
        return super().has_delete_permission(request, obj) and not (obj and getattr(obj, "number_coming", 0))

    @admin.display(description=_("coming"))
    def coming(self, protest: Any) -> str:
        """Return how many people are coming to dates that aren't over, linked to the numbers for each date."""
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:protests_protest_coming", args=[protest.pk]), protest.number_coming
        )

    def coming_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show how many people are coming on each date, until their details are erased."""
        return self._page(request, self._protest(request, pk), {})

    def names(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the names that people gave for one date, and record in the audit log that an organiser saw them."""
        protest = self._protest(request, pk)
        if not request.user.has_perm(SEE_NAMES):
            raise PermissionDenied
        rows = Attendee.objects.confirmed().filter(protest=protest)
        dates = set(rows.order_by().values_list("on", flat=True).distinct())
        on = next((day for day in dates if day.isoformat() == request.POST.get("on")), None)
        if on is None:
            return redirect("admin:protests_protest_coming", pk)
        self.audit(request, Act.SEE_NAMES, protest)
        names = sorted(name for name in rows.filter(on=on).values_list("name", flat=True)[:MAX_NAMES] if name)
        return self._page(request, protest, {"on": on, "names": names})

    def _protest(self, request: HttpRequest, pk: int) -> Protest:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(Protest, pk=pk)

    def _page(self, request: HttpRequest, protest: Protest, shown: dict[str, Any]) -> HttpResponse:
        numbers = Attendee.objects.filter(protest=protest).numbers()
        context = self.admin_site.each_context(request) | {
            "title": _("Who is coming"),
            "opts": self.opts,
            "protest": protest,
            "dates": [(on, number) for (_key, on), number in numbers.items()][:MAX_DATES],
            "may_see_names": request.user.has_perm(SEE_NAMES),
        }
        return render(request, "admin/protests/coming.html", context | shown)
