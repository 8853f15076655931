"""Requests in the admin: one page shows who is affected, asks for the number and a reason, and lets others approve."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from campaign.approvals import lost_phones, withdrawn_files
from campaign.approvals.forms import ApprovalRequestForm
from campaign.approvals.kinds import KINDS, NotPossibleError
from campaign.approvals.models import MAX_PEOPLE_ALONE, ApprovalRequest
from campaign.modeladmin import ReadOnlyAdmin, organiser

State = ApprovalRequest.State


@admin.register(ApprovalRequest)
class ApprovalRequestAdmin(ReadOnlyAdmin):
    """Requests in the admin. Organisers see only the kinds of request that they may make themselves."""

    empty_message = _(
        "No requests yet. One appears here when an organiser wants to do something that could harm people."
    )
    list_display = ["action", "about", "state", "affected", "asked_by", "asked_at"]
    list_display_links = ["action", "about"]
    list_filter = ["state"]
    list_select_related = ["asked_by"]
    search_fields = ["about", "reason"]

    def get_urls(self) -> list[URLPattern]:
        lost_phone = self.admin_site.admin_view(require_POST(lost_phones.ask))
        withdraw = self.admin_site.admin_view(require_POST(withdrawn_files.ask))
        return [
            path("lost-phone/<int:pk>/", lost_phone, name="approvals_lost_phone"),
            path("withdraw-file/<str:key>/", withdraw, name="approvals_withdraw_file"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApprovalRequest]:
        visible = ApprovalRequest.objects.visible_to(organiser(request))
        return visible.exclude(state=State.DRAFT) | visible.filter(asked_by=organiser(request))

    @admin.display(description=_("action"), ordering="kind")
    def action(self, approval: ApprovalRequest) -> str:
        return approval.described.label

    @admin.display(description=_("people"), ordering="people")
    def affected(self, approval: ApprovalRequest) -> int | None:
        return approval.people if approval.state != State.DRAFT and approval.described.counts_people else None

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Show one request; a POST submits, approves or undoes it, depending on the button pressed."""
        approval = self.get_object(request, object_id)
        if approval is None:
            # Private in Django, so not in its stubs.
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        people = approval.described.people(approval) if approval.state == State.DRAFT else approval.people
        posted = request.POST if "ask" in request.POST else None
        form = ApprovalRequestForm(posted, people=people, counts_people=approval.described.counts_people)
        if request.method == "POST":
            return self.decide(request, approval, form)
        return self.show(request, approval, form)

    def decide(self, request: HttpRequest, approval: ApprovalRequest, form: ApprovalRequestForm) -> HttpResponse:
        """Carry out the pressed button's action. Raises PermissionDenied if this organiser may not press the button."""
        user, now = organiser(request), timezone.now()
        if "ask" in request.POST and approval.asked_by == user:
            if not form.is_valid():
                return self.show(request, approval, form)
            if not approval.submit(form.people, form.cleaned_data["reason"], now):
                self.message_user(
                    request,
                    _("Not submitted: the number has changed, or it had already been submitted. Check the list."),
                    messages.ERROR,
                )
                return redirect("admin:approvals_approvalrequest_change", approval.pk)
        elif "approve" in request.POST and not approval.obstacle(user, now):
            return self.approve(request, approval, now)
        elif "undo" in request.POST:
            approval.undo(user, now)
        else:
            raise PermissionDenied
        return self.finish(request, approval)

    def approve(self, request: HttpRequest, approval: ApprovalRequest, now: datetime) -> HttpResponse:
        """Approve the request as the second organiser, or say why its action has just become impossible."""
        try:
            approval.approve(organiser(request), now)
        except NotPossibleError as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect("admin:approvals_approvalrequest_change", approval.pk)
        return self.finish(request, approval)

    def finish(self, request: HttpRequest, approval: ApprovalRequest) -> HttpResponse:
        """Confirm the decision, and redirect to the open request or to the page that the action concerns."""
        self.message_user(request, f"{approval}: {approval.get_state_display()}", messages.SUCCESS)
        if approval.state in (State.WAITING, State.AGREED):
            return redirect("admin:approvals_approvalrequest_change", approval.pk)
        return redirect(approval.described.page(approval))

    def show(self, request: HttpRequest, approval: ApprovalRequest, form: ApprovalRequestForm) -> HttpResponse:
        """Render the page of one request in its current state."""
        is_open = approval.state in (State.DRAFT, State.WAITING, State.AGREED)
        context: dict[str, Any] = self.admin_site.each_context(request) | {
            "title": str(approval),
            "opts": self.opts,
            "approval": approval,
            "form": form,
            "max_alone": MAX_PEOPLE_ALONE,
            "people_now": approval.described.people(approval) if approval.state == State.WAITING else approval.people,
            "sample": approval.described.sample(approval) if is_open else [],
            "links": approval.described.links(approval) if is_open else [],
            "obstacle": approval.obstacle(organiser(request), timezone.now()),
            "may_undo": approval.state in (State.WAITING, State.AGREED),
        }
        return render(request, "admin/approvals/request.html", context)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return any(request.user.has_perm(kind.permission) for kind in KINDS.values())

    def has_view_permission(self, request: HttpRequest, obj: ApprovalRequest | None = None) -> bool:
        return self.has_module_permission(request)
