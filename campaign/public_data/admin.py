"""Updates of public data in the admin: the button that starts them, their states and reports, and decisions."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from campaign.modeladmin import ReadOnlyAdmin, organiser
from campaign.public_data.models import DataUpdate

PERMISSION = "public_data.update_data"


@admin.register(DataUpdate)
class DataUpdateAdmin(ReadOnlyAdmin):
    """Updates of public data. Everything but the two buttons is for viewing only."""

    empty_message = _("No updates yet. Press the button above to fetch the postcodes and the MPs.")
    change_list_template = "admin/public_data/updates.html"
    change_form_template = "admin/public_data/update.html"
    list_display = ["data", "state", "asked_at", "ended_at", "asked_by"]
    list_display_links = ["data"]
    list_filter = ["state"]
    list_select_related = ["asked_by"]
    fields = ["data", "state", "report", "asked_at", "ended_at"]
    readonly_fields = ["data"]

    @admin.display(description=_("data"), ordering="source")
    def data(self, update: DataUpdate) -> str:
        return str(update.label)

    def get_urls(self) -> list[URLPattern]:
        start = self.admin_site.admin_view(require_POST(self.start))
        accept = self.admin_site.admin_view(require_POST(self.accept))
        own = [
            path("start/", start, name="public_data_start"),
            path("<int:pk>/accept/", accept, name="public_data_dataupdate_accept"),
        ]
        return [*own, *super().get_urls()]

    def start(self, request: HttpRequest) -> HttpResponse:
        """Queue an update of every data set, and show the list."""
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        DataUpdate.objects.queue(organiser(request))
        self.message_user(request, _("The update begins within a minute, and takes about a quarter of an hour."))
        return redirect("admin:public_data_dataupdate_changelist")

    def accept(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Queue an update that may make the losses that this one was held for."""
        update = DataUpdate.objects.filter(pk=pk).first()
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        if update is None:
            raise Http404
        if update.accept(organiser(request)):
            self.message_user(request, _("Accepted. The data is fetched again and then swapped in."), messages.SUCCESS)
        else:
            self.message_user(request, _("There is a newer update. Look at its report instead."), messages.ERROR)
        return redirect("admin:public_data_dataupdate_changelist")

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        update = kwargs.get("obj")
        context["may_accept"] = request.user.has_perm(PERMISSION) and update is not None and update.awaits_decision
        return super().render_change_form(request, context, *args, **kwargs)
