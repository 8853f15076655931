"""Bulk invalidations in the admin: enter conditions, see which signatures match, start, stop, undo."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from campaign.approvals.models import ApprovalRequest
from campaign.audit.acts import Act
from campaign.modeladmin import HubModelAdmin, organiser, without_links
from pledges.approvals.bulk_invalidations import BULK_INVALIDATION
from pledges.approvals.samples import sample
from pledges.models import BulkInvalidation

ASK = "ask"
MAX_COUNTED = 10_000
CONDITIONS = [
    "pledge",
    "only_state",
    "suspicion",
    "domain",
    "country",
    "area_code",
    "signed_from",
    "signed_until",
    "reason",
]
OUTCOME = [
    "network_shown",
    "matches",
    "state",
    "rejected_count",
    "restored_count",
    "made_by",
    "created_at",
    "started_at",
]
BUTTONS = {
    BulkInvalidation.State.RUNNING: _("Continue"),
    BulkInvalidation.State.STOPPED: _("Stop"),
    BulkInvalidation.State.UNDOING: _("Undo: restore rejected signatures"),
}


@admin.register(BulkInvalidation)
class BulkInvalidationAdmin(HubModelAdmin):
    """Bulk invalidations start as drafts: nothing happens until an organiser has seen how many signatures match."""

    empty_message = _(
        "No bulk invalidations yet. Before you add one, look at the pledge’s trends, which show what is unusual."
    )
    change_form_template = "admin/pledges/bulk_invalidation.html"
    list_display = ["reason", "pledge", "state", "rejected_count", "restored_count", "created_by", "created_at"]
    list_select_related = ["pledge", "created_by"]
    show_full_result_count = False

    def get_fields(self, request: HttpRequest, obj: BulkInvalidation | None = None) -> tuple[str, ...]:
        return tuple(CONDITIONS + OUTCOME if obj else CONDITIONS)

    def get_readonly_fields(self, request: HttpRequest, obj: BulkInvalidation | None = None) -> list[str]:
        """Freeze every field once it has started, and the domain for organisers who may not look people up by it.

        The preview shows whose signatures match, and some domains belong to one person.
        """
        own = [] if request.user.has_perm("pledges.find_signer") else ["domain"]
        if obj is None:
            return own
        return OUTCOME + own if obj.state == BulkInvalidation.State.DRAFT else CONDITIONS + OUTCOME

    def get_form(
        self, request: HttpRequest, obj: BulkInvalidation | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        without_links(form, "pledge")
        return form

    def save_model(self, request: HttpRequest, invalidation: BulkInvalidation, form: Any, change: bool) -> None:
        """Save a new draft in full, but only the conditions of an existing one: the worker writes the rest."""
        if not change:
            invalidation.created_by = organiser(request)
            invalidation.save()
        elif invalidation.state == BulkInvalidation.State.DRAFT:
            if (
                BulkInvalidation.objects.select_for_update().get(pk=invalidation.pk).state
                != BulkInvalidation.State.DRAFT
            ):
                raise PermissionDenied
            invalidation.save(update_fields=CONDITIONS)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        invalidation = self.get_object(request, object_id)
        buttons: list[tuple[str, Any]] = []
        if invalidation and super().has_change_permission(request, invalidation):
            buttons = [(state, label) for state, label in BUTTONS.items() if invalidation.can_move_to(state)]
            if invalidation.state == BulkInvalidation.State.DRAFT:
                buttons.append((ASK, _("Start…")))
        return super().change_view(request, object_id, form_url, (extra_context or {}) | {"buttons": buttons})

    def response_change(self, request: HttpRequest, invalidation: BulkInvalidation) -> HttpResponse:
        """Start, stop or undo it, depending on the button; otherwise show what the new conditions match."""
        button = request.POST.get("begin", "")
        if button == ASK and invalidation.state == BulkInvalidation.State.DRAFT:
            about = f"{invalidation.pledge}: {invalidation.reason}"
            draft = ApprovalRequest.draft(BULK_INVALIDATION, organiser(request), about=about, subject=invalidation.pk)
            return redirect("admin:approvals_approvalrequest_change", draft.pk)
        if invalidation.can_move_to(button):
            invalidation.move_to(button, timezone.now())
            self.audit(request, Act.RUN_INVALIDATION, invalidation, state=invalidation.state)
        return redirect("admin:pledges_bulkinvalidation_change", invalidation.pk)

    def response_add(
        self, request: HttpRequest, invalidation: BulkInvalidation, post_url_continue: str | None = None
    ) -> HttpResponse:
        return redirect("admin:pledges_bulkinvalidation_change", invalidation.pk)

    def has_change_permission(self, request: HttpRequest, obj: BulkInvalidation | None = None) -> bool:
        """Return False while it is waiting for a second organiser, so that its conditions can't change."""
        is_frozen = obj is not None and obj.state == BulkInvalidation.State.AWAITING_APPROVAL
        return not is_frozen and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: BulkInvalidation | None = None) -> bool:
        return False

    @admin.display(description=_("organiser"))
    def made_by(self, invalidation: BulkInvalidation) -> str:
        """Return the organiser's name, without Django's link to the account, which only owners may open."""
        return str(invalidation.created_by)

    @admin.display(description=_("network"))
    def network_shown(self, invalidation: BulkInvalidation) -> str | None:
        return bytes(invalidation.network).hex()[:8] if invalidation.network else None

    @admin.display(description=_("matches now"))
    def matches(self, invalidation: BulkInvalidation) -> SafeString:
        """Return how many signatures it would reject, and a line about each of the newest."""
        matching = invalidation.matching()
        count = len(matching.values_list("pk")[: MAX_COUNTED + 1])
        shown = f"> {MAX_COUNTED:,}" if count > MAX_COUNTED else f"{count:,}"
        lines = format_html_join("", "<br>{}", ((line,) for line in sample(matching)))
        return format_html("<strong>{}</strong>{}", shown, lines)
