"""The page on which organisers put a list in order. Each move takes effect at once and is not part of a draft."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import StackedInline
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from campaign.audit.acts import Act
from campaign.modeladmin import HubModelAdmin
from campaign.pages.position import STEP

MAX_ROWS = 500
MOVES = {"up": -1, "down": 1}


class RowsInline(StackedInline):
    """Rows of a form, each with its labels and hints. Organisers can move rows that have a position."""

    extra = 0


class OrderedAdmin(HubModelAdmin):
    """A list whose rows organisers can put in order on a separate page."""

    exclude = ["order"]

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_order"
        return [path("order/", self.admin_site.admin_view(self.order), name=name), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Show the list with a link to the page on which organisers put it in order."""
        url = self.order_url() if self.has_change_permission(request) else ""
        return super().changelist_view(request, (extra_context or {}) | {"order_url": url})

    def order_url(self) -> str:
        """Return the URL of the page on which organisers put the list in order."""
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_order")

    def order(self, request: HttpRequest) -> HttpResponse:
        """Show the rows in order; for a POST, save them in the order that it names, with one row moved up or down."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        rows = list(self.model._default_manager.order_by(*self.model._meta.ordering)[:MAX_ROWS])
        if request.method == "POST":
            with transaction.atomic():
                self._arrange(moved(as_posted(rows, request.POST.getlist("row")), request.POST))
                self.audit(request, Act.CHANGE, self.model, fields=["order"])
            messages.success(request, _("The order was saved."))
            return redirect(self.order_url())
        title = _("Order of %(things)s") % {"things": self.opts.verbose_name_plural}
        context = self.admin_site.each_context(request) | {"title": title, "opts": self.opts, "rows": rows}
        return render(request, "admin/order.html", context | {"heading": capfirst(self.opts.verbose_name_plural)})

    def _arrange(self, rows: list[Any]) -> None:
        for number, row in enumerate(rows, 1):
            row.order = number * STEP
        self.model._default_manager.bulk_update(rows, ["order"])


def as_posted(rows: list[Any], keys: list[str]) -> list[Any]:
    """Return the rows in the order of the given keys, with any other rows last."""
    places = {key: place for place, key in enumerate(keys)}
    return sorted(rows, key=lambda row: places.get(str(row.pk), len(places)))


def moved(rows: list[Any], answers: Any) -> list[Any]:
    """Return the rows with the one whose button was pressed moved up or down, unless it is already first or last."""
    for button, step in MOVES.items():
        places = [place for place, row in enumerate(rows) if str(row.pk) == answers.get(button)]
        if places and 0 <= places[0] + step < len(rows):
            row = rows.pop(places[0])
            rows.insert(places[0] + step, row)
    return rows
