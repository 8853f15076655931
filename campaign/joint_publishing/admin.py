"""The page on which owners choose the kinds of content that two organisers publish."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from campaign.approvals.models import ApprovalRequest
from campaign.joint_publishing.approvals import END, Ending
from campaign.joint_publishing.models import JointKind
from campaign.modeladmin import HubModelAdmin, organiser


@admin.register(JointKind)
class JointKindAdmin(HubModelAdmin):
    """Kinds of content that two organisers publish. Adding one takes effect at once; removing one needs two owners."""

    empty_message = _(
        "One organiser is enough to publish anything. Add a kind of content, such as pledges, and a second organiser "
        "has to approve every change to it."
    )
    change_form_template = "admin/joint_publishing/kind.html"
    list_display = ["__str__"]

    def get_urls(self) -> list[URLPattern]:
        end = self.admin_site.admin_view(require_POST(self.end))
        return [path("<int:pk>/end/", end, name="joint_publishing_end"), *super().get_urls()]

    def end(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Draft a request to end the rule for one kind, and redirect to the page that asks for a reason."""
        if not request.user.has_perm(Ending.permission):
            raise PermissionDenied
        row = get_object_or_404(JointKind, pk=pk)
        draft = ApprovalRequest.draft(END, organiser(request), about=row, subject=row.pk)
        return redirect("admin:approvals_approvalrequest_change", draft.pk)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
