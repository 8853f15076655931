"""The page on which organisers read reasons for signing. One press decides whether visitors see a reason."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from campaign.modeladmin import ReadOnlyAdmin, is_key, organiser
from pledges.models import Reason

MAX_SHOWN = 50
STATES = Reason.State


@admin.register(Reason)
class ReasonAdmin(ReadOnlyAdmin):
    """Reasons for signing, the oldest unread ones first. Organisers can't change their words."""

    empty_message = _("No reasons are waiting. People who sign in public may give one when they confirm.")
    fields = readonly_fields = ("pledge", "state", "text", "written_at", "decided_at")

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(require_POST(self.decide))
        return [path("<uuid:pk>/decide/", decide, name="pledges_reason_decide"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Show up to 50 reasons in one state: those that are waiting, by default. The first button has the focus."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)  # which refuses the request
        state = request.GET.get("state", "")
        state = state if state in STATES.values else STATES.WAITING
        signature = request.GET.get("signature", "")
        about = Q(pk=signature) if is_key(self.opts.pk, signature) else Q(state=state)
        reasons = Reason.objects.filter(about).select_related("signature", "pledge").defer(*UNREAD)
        oldest_first = state == STATES.WAITING
        context = self.admin_site.each_context(request) | {
            "title": _("Reasons for signing"),
            "opts": self.opts,
            "reasons": reasons.order_by("written_at" if oldest_first else "-written_at")[:MAX_SHOWN],
            "states": STATES.choices,
            "state": state,
            "may_decide": request.user.has_perm("pledges.change_reason"),
            "empty_message": self.empty_message,
        }
        return render(request, "admin/pledges/reasons.html", context | (extra_context or {}))

    @transaction.atomic
    def decide(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show or refuse one reason, unless its words have changed since the page was shown."""
        if not request.user.has_perm("pledges.change_reason"):
            raise PermissionDenied
        reason = get_object_or_404(Reason.objects.select_related("pledge").defer("text"), pk=pk)
        state = STATES.APPROVED if "show" in request.POST else STATES.REFUSED
        seen: Any = _moment(request.POST.get("seen", ""))
        if seen is None or not reason.decide(organiser(request), state, seen):
            self.message_user(request, _("This reason has changed since you read it. Read it again."), messages.ERROR)
        back = request.POST.get("state", "")
        query = f"?state={back}" if back in STATES.values else ""
        to = f"{reverse('admin:pledges_reason_changelist')}{query}"  # the query is one of a few
        return redirect(to)  # nosemgrep: hub-redirect-to-request


# Columns of the signature that the page doesn't need. They aren't loaded, so they aren't decrypted.
UNREAD = [f"signature__{name}" for name in ("name", "shown_name", "email", "organisation", "role", "link", "town")]


def _moment(text: str) -> Any:
    """Return a time (aware) in ISO 8601, or None for any other text."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
