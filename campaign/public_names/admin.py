"""The panic switch in the admin. One organiser can hide all names at once; showing them again requires two."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from campaign.approvals.models import ApprovalRequest
from campaign.modeladmin import ReadOnlyAdmin, organiser
from campaign.public_names.approvals import SHOW_NAMES, ShowingNames
from campaign.public_names.forms import HidingForm
from campaign.public_names.models import Hiding


@admin.register(Hiding)
class HidingAdmin(ReadOnlyAdmin):
    """When names were hidden and why, with a button to hide names, or to request that they be shown again."""

    empty_message = _("Names have never been hidden. If people on the list are in danger, press the button above.")
    change_list_template = "admin/public_names/hidings.html"
    list_display = ["began_at", "reason", "began_by", "ended_at"]
    fields = ["began_at", "reason", "hidden_by", "ended_at"]
    list_display_links = None
    list_select_related = ["began_by"]

    @admin.display(description=_("hidden by"))
    def hidden_by(self, hiding: Hiding) -> str:
        """Return the organiser's name, without Django's link to an account that only owners may open."""
        return str(hiding.began_by)

    def get_urls(self) -> list[URLPattern]:
        hide = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.hide))
        show = self.admin_site.admin_view(require_POST(self.show))
        own = [path("hide/", hide, name="public_names_hide"), path("show/", show, name="public_names_show")]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        context = {"hiding": Hiding.objects.current().first()}
        return super().changelist_view(request, (extra_context or {}) | context)

    def hide(self, request: HttpRequest) -> HttpResponse:
        """Ask for a reason, unless names are hidden already; on a POST with a reason, hide all public names at once."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST" and Hiding.objects.current().exists():
            return redirect("admin:public_names_hiding_changelist")
        form = HidingForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            Hiding.begin(organiser(request), form.cleaned_data["reason"], timezone.now())
            self.message_user(request, _("All public names are hidden, everywhere within a minute."), messages.SUCCESS)
            return redirect("admin:public_names_hiding_changelist")
        context = self.admin_site.each_context(request) | {
            "title": _("Hide all public names"),
            "opts": self.opts,
            "form": form,
        }
        return render(request, "admin/public_names/hide.html", context)

    def show(self, request: HttpRequest) -> HttpResponse:
        """Draft a request to show names again, and redirect to the page that asks for a reason."""
        hiding = Hiding.objects.current().first()
        if not self.has_view_permission(request) or hiding is None:
            raise PermissionDenied
        draft = ApprovalRequest.draft(
            SHOW_NAMES, organiser(request), about=hiding.get_reason_display(), subject=hiding.pk
        )
        return redirect("admin:approvals_approvalrequest_change", draft.pk)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(ShowingNames.permission)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(ShowingNames.permission)
