"""Lost mailboxes in the admin: organisers read the requests, and either start a withdrawal or delete them."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from campaign.approvals.models import ApprovalRequest
from campaign.audit.acts import Act
from campaign.modeladmin import ReadOnlyAdmin, organiser
from pledges.approvals.lost_mailboxes import LOST_MAILBOX
from pledges.approvals.samples import line
from pledges.models import LostMailbox, Signature

PERMISSION = "pledges.handle_lostmailbox"


@admin.register(LostMailbox)
class LostMailboxAdmin(ReadOnlyAdmin):
    """Lost mailboxes, for organisers with a further right: the next step reveals whether an address has signed."""

    empty_message = _("Nobody has told us that they lost their mailbox. Requests appear here automatically.")
    change_form_template = "admin/pledges/lost_mailbox.html"
    list_display = ["asked_at", "pledge", "approval"]
    list_filter = ["pledge"]
    list_select_related = ["pledge", "approval"]
    fields = ["asked_at", "pledge", "name", "email", "contact", "proof", "approval"]

    def get_urls(self) -> list[URLPattern]:
        withdraw = self.admin_site.admin_view(require_POST(self.withdraw))
        return [path("<int:pk>/withdraw/", withdraw, name="pledges_lostmailbox_withdraw"), *super().get_urls()]

    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Look up the signature, record the look-up, and redirect to the page that shows it and asks for a reason.

        If two people share the mailbox, ask first whose signature it is.
        """
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        lost = get_object_or_404(LostMailbox.objects.select_related("pledge", "approval"), pk=pk)
        if not lost.has_open_approval:
            found = list(lost.signatures())
            chosen = [one for one in found if str(one.pk) == request.POST.get("signature")]
            self.audit(request, Act.LOOK_UP, lost)
            if len(found) > 1 and not chosen:
                return self.choose(request, lost, found)
            keys = [str(one.pk) for one in chosen or found]
            lost.approval = ApprovalRequest.draft(
                LOST_MAILBOX, organiser(request), about=lost.pledge, subject=lost.pk, signatures=keys
            )
            lost.save(update_fields=["approval"])
        return redirect("admin:approvals_approvalrequest_change", lost.approval_id)

    def choose(self, request: HttpRequest, lost: LostMailbox, found: list[Signature]) -> HttpResponse:
        """Show the signatures of people who share a mailbox, with a button beside each."""
        context = self.admin_site.each_context(request) | {
            "title": _("Whose signature is it?"),
            "opts": self.opts,
            "original": lost,
            "choices": [(signature, line(signature)) for signature in found],
        }
        return render(request, "admin/pledges/choose_signature.html", context)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_view_permission(self, request: HttpRequest, obj: LostMailbox | None = None) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the request may be deleted, which it may not while its withdrawal is being approved."""
        return request.user.has_perm(PERMISSION) and not (obj and obj.has_open_approval)
