"""Requests of people who have lost their mailbox: organisers read them, and request the withdrawal or delete them."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from campaign.accounts.organisers import organiser
from campaign.approvals.models import ApprovalRequest
from campaign.modeladmin import ReadOnlyAdmin
from pledges.approvals.lost_mailboxes import LOST_MAILBOX
from pledges.models import LostMailbox

PERMISSION = "pledges.handle_lostmailbox"


@admin.register(LostMailbox)
class LostMailboxAdmin(ReadOnlyAdmin):
    """Only for organisers with a permission of its own: the next step reveals whether an address has signed."""

    change_form_template = "admin/pledges/lost_mailbox.html"
    list_display = ["asked_at", "pledge", "approval"]
    list_filter = ["pledge"]
    list_select_related = ["pledge", "approval"]
    fields = ["asked_at", "pledge", "name", "email", "contact", "proof", "approval"]

    def get_urls(self) -> list[URLPattern]:
        withdraw = self.admin_site.admin_view(require_POST(self.withdraw))
        return [path("<int:pk>/withdraw/", withdraw, name="pledges_lostmailbox_withdraw"), *super().get_urls()]

    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Look the signature up, record that, and redirect to the page that shows it and asks for a reason."""
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        lost = get_object_or_404(LostMailbox.objects.select_related("pledge", "approval"), pk=pk)
        if not lost.has_open_approval:
            keys = [str(key) for key in lost.signatures().values_list("pk", flat=True)]
            lost.approval = ApprovalRequest.draft(
                LOST_MAILBOX, organiser(request), about=lost.pledge, subject=lost.pk, signatures=keys
            )
            lost.save(update_fields=["approval"])
            self.log_change(request, lost, str(_("Looked up the signature.")))
        return redirect("admin:approvals_approvalrequest_change", lost.approval_id)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_view_permission(self, request: HttpRequest, obj: LostMailbox | None = None) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let a request be deleted once it has been answered, but not while its withdrawal is waiting."""
        return request.user.has_perm(PERMISSION) and not (obj and obj.has_open_approval)
