"""Exports in the admin: one organiser requests a list, another approves it, and the first has a day to download it."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from campaign.approvals.models import ApprovalRequest
from campaign.audit.acts import Act
from campaign.documents.spreadsheets import as_csv, as_xlsx
from campaign.modeladmin import HubModelAdmin, organiser, without_links
from pledges.approvals.exports import EXPORT
from pledges.models import Export

REQUEST = ["pledge", "purpose", "format"]
OUTCOME = ["approval_link", "downloads", "downloaded_at"]
PERMISSION = "pledges.export_signature"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@admin.register(Export)
class ExportAdmin(HubModelAdmin):
    """Exports, for organisers with permission. A request can't be changed, only replaced by another."""

    empty_message = _("No exports yet. Add one to request a list of signers; a second organiser has to approve it.")
    change_form_template = "admin/pledges/export.html"
    list_display = ["pledge", "purpose", "format", *OUTCOME]
    list_select_related = ["pledge", "approval__asked_by"]
    show_full_result_count = False

    def get_urls(self) -> list[URLPattern]:
        download = self.admin_site.admin_view(require_POST(self.download))
        return [path("<int:pk>/download/", download, name="pledges_export_download"), *super().get_urls()]

    def get_fields(self, request: HttpRequest, obj: Export | None = None) -> tuple[str, ...]:
        return tuple(REQUEST + OUTCOME if obj else REQUEST)

    def get_readonly_fields(self, request: HttpRequest, obj: Export | None = None) -> list[str]:
        return REQUEST + OUTCOME if obj else []

    def get_form(self, request: HttpRequest, obj: Export | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        without_links(form, "pledge")
        return form

    def save_model(self, request: HttpRequest, export: Export, form: Any, change: bool) -> None:
        super().save_model(request, export, form, change)
        export.approval = ApprovalRequest.draft(EXPORT, organiser(request), about=export, subject=export.pk)
        export.save(update_fields=["approval"])

    def response_add(self, request: HttpRequest, export: Export, post_url_continue: str | None = None) -> HttpResponse:
        """Redirect to the page that shows how many people are in the list and asks for that number and a reason."""
        return redirect("admin:approvals_approvalrequest_change", export.approval_id)

    @admin.display(description=_("approval"))
    def approval_link(self, export: Export) -> SafeString | str:
        """Return a link to the request, labelled with its state and the organiser who made it."""
        approval = export.approval
        if approval is None:
            return ""
        url = reverse("admin:approvals_approvalrequest_change", args=[approval.pk])
        return format_html('<a href="{}">{}: {}</a>', url, approval.asked_by, approval.get_state_display())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        export = self.get_object(request, object_id)
        may_download = export is not None and export.is_open_to(organiser(request), timezone.now())
        return super().change_view(request, object_id, form_url, (extra_context or {}) | {"may_download": may_download})

    def download(self, request: HttpRequest, pk: int) -> StreamingHttpResponse | FileResponse:
        """Stream the list to the organiser who requested it, within a day of its approval; refuse all others (403)."""
        export, now = self.permitted_export(request, pk), timezone.now()
        if not export.is_open_to(organiser(request), now):
            raise PermissionDenied
        export.record_download(now)
        self.audit(request, Act.EXPORT, export, purpose=export.purpose, format=export.format)
        name = f"{export.pledge.slug}-{export.purpose}-{timezone.localdate(now)}.{export.format}"
        if export.format == Export.Format.XLSX:
            return FileResponse(as_xlsx(export.rows()), as_attachment=True, filename=name, content_type=XLSX)
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return StreamingHttpResponse(as_csv(export.rows()), content_type="text/csv; charset=utf-8", headers=headers)

    def permitted_export(self, request: HttpRequest, pk: int) -> Export:
        """Return the export; raise PermissionDenied unless the organiser may export at all."""
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return get_object_or_404(Export.objects.select_related("pledge", "approval"), pk=pk)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_view_permission(self, request: HttpRequest, obj: Export | None = None) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_change_permission(self, request: HttpRequest, obj: Export | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Export | None = None) -> bool:
        return False
