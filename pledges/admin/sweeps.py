"""Bulk changes in the admin: write the conditions, see what they fit, start, stop, undo."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from campaign.accounts.organisers import organiser
from campaign.admin.modeladmin import HubModelAdmin
from campaign.admin.site import without_links
from campaign.approvals.models import ApprovalRequest
from pledges.approvals.bulk_invalidations import BULK_INVALIDATION
from pledges.approvals.samples import sample
from pledges.models import Sweep

ASK = "ask"
MOST_COUNTED = 10_000
CONDITIONS = ["pledge", "only", "doubt", "domain", "country", "area_code", "signed_from", "signed_until", "why"]
OUTCOME = ["network_shown", "fits", "state", "struck_out", "brought_back", "made_by", "made_at", "started_at"]
BUTTONS = {
    Sweep.State.RUNNING: _("Continue"),
    Sweep.State.STOPPED: _("Stop"),
    Sweep.State.UNDOING: _("Undo: bring back what it struck out"),
}


@admin.register(Sweep)
class SweepAdmin(HubModelAdmin):
    """Saved as a draft first: nothing happens before an organiser has seen how many it fits."""

    change_form_template = "admin/pledges/sweep.html"
    list_display = ["why", "pledge", "state", "struck_out", "brought_back", "made_by", "made_at"]
    list_select_related = ["pledge", "made_by"]
    show_full_result_count = False

    def get_fields(self, request: HttpRequest, obj: Sweep | None = None) -> list[str]:
        return CONDITIONS + OUTCOME if obj else CONDITIONS

    def get_readonly_fields(self, request: HttpRequest, obj: Sweep | None = None) -> list[str]:
        if obj is None:
            return []
        return OUTCOME if obj.state == Sweep.State.DRAFT else CONDITIONS + OUTCOME

    def get_form(self, request: HttpRequest, obj: Sweep | None = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        without_links(form, "pledge")
        return form

    def save_model(self, request: HttpRequest, sweep: Sweep, form: Any, change: bool) -> None:
        """Save the conditions alone of one that is there, and only while it is a draft. The worker writes the rest."""
        if not change:
            sweep.made_by = organiser(request)
            sweep.save()
        elif sweep.state == Sweep.State.DRAFT:
            if Sweep.objects.select_for_update().get(pk=sweep.pk).state != Sweep.State.DRAFT:
                raise PermissionDenied
            sweep.save(update_fields=CONDITIONS)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        sweep = self.get_object(request, object_id)
        buttons: list[tuple[str, Any]] = [
            (state, label) for state, label in BUTTONS.items() if sweep and sweep.may(state)
        ]
        if sweep and sweep.state == Sweep.State.DRAFT:
            buttons.append((ASK, _("Start…")))
        return super().change_view(request, object_id, form_url, (extra_context or {}) | {"buttons": buttons})

    def response_change(self, request: HttpRequest, sweep: Sweep) -> HttpResponse:
        """Start, stop or undo it, depending on the button, or go back to see what the changed conditions match."""
        wanted = request.POST.get("begin", "")
        if wanted == ASK and sweep.state == Sweep.State.DRAFT:
            about = f"{sweep.pledge}: {sweep.why}"
            draft = ApprovalRequest.draft(BULK_INVALIDATION, organiser(request), about=about, subject=sweep.pk)
            return redirect("admin:approvals_approvalrequest_change", draft.pk)
        if sweep.may(wanted):
            sweep.begin(wanted, timezone.now())
            self.log_change(request, sweep, sweep.get_state_display())
        return redirect("admin:pledges_sweep_change", sweep.pk)

    def response_add(self, request: HttpRequest, sweep: Sweep, post_url_continue: str | None = None) -> HttpResponse:
        return redirect("admin:pledges_sweep_change", sweep.pk)

    def has_change_permission(self, request: HttpRequest, obj: Sweep | None = None) -> bool:
        """Return False while a second organiser is reviewing its conditions, so that they stay as they are."""
        frozen = obj is not None and obj.state == Sweep.State.ASKED
        return not frozen and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Sweep | None = None) -> bool:
        return False

    @admin.display(description=_("network"))
    def network_shown(self, sweep: Sweep) -> str | None:
        return bytes(sweep.network).hex()[:8] if sweep.network else None

    @admin.display(description=_("fits now"))
    def fits(self, sweep: Sweep) -> SafeString:
        """How many it would strike out, and the newest of them."""
        matching = sweep.matching()
        count = len(matching.values_list("pk")[: MOST_COUNTED + 1])
        shown = f"> {MOST_COUNTED:,}" if count > MOST_COUNTED else f"{count:,}"
        lines = format_html_join("", "<br>{}", ((line,) for line in sample(matching)))
        return format_html("<strong>{}</strong>{}", shown, lines)
