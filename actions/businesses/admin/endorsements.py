"""The admin for organisations that endorse the call to action."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from actions.businesses.admin.senders import HidesSenders
from actions.businesses.models import Endorsement
from campaign.audit.acts import Act
from campaign.modeladmin import organiser

CHECK = "businesses.check_endorsement"


class CheckedFilter(admin.SimpleListFilter):
    """A filter for endorsements, by whether an organiser has checked them."""

    title = _("checked")
    parameter_name = "checked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("No")), ("yes", _("Yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(checked_at__isnull=self.value() == "no") if self.value() else queryset


@admin.register(Endorsement)
class EndorsementAdmin(HidesSenders):
    """Endorsements. Visitors see one once an organiser has marked it as checked."""

    empty_message = _("No organisation endorses the call yet. Add one here, or wait for one to use the form.")
    change_form_template = "admin/businesses/endorsement.html"
    list_display = ["organisation", "asked_at", "checked_at", "shown"]
    list_filter = [CheckedFilter, "shown"]
    search_fields = ["organisation"]
    fields = ["call", "organisation", "website", "shown", "version", "sender", "asked_at", "checked_at", "checked_by"]
    readonly_fields = ["version", "sender", "asked_at", "checked_at", "checked_by"]

    @admin.display(description=_("sent by"))
    def sender(self, row: Endorsement) -> str:
        """Return the name, role and address of the person who confirmed it by mail, or "" once they are erased."""
        offer = row.offers.order_by("confirmed_at").first() if row.pk else None
        return ", ".join(filter(None, (offer.name, offer.role, offer.email))) if offer else ""

    def has_details(self, row: Endorsement) -> bool:
        return row.offers.exists()

    def get_urls(self) -> list[URLPattern]:
        check = self.admin_site.admin_view(require_POST(self.check_endorsement))
        return [path("<int:pk>/check/", check, name="businesses_endorsement_check"), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Endorsement, form: Any, change: bool) -> None:
        """Save the endorsement. A new one refers to the newest published version of the call."""
        if not change:
            obj.version = obj.call.as_published().version_number
        super().save_model(request, obj, form, change)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        context = {"may_check": request.user.has_perm(CHECK)}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    def check_endorsement(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record that this organiser has checked the endorsement with the organisation."""
        if not request.user.has_perm(CHECK):
            raise PermissionDenied
        row = get_object_or_404(Endorsement, pk=pk)
        row.check_by(organiser(request), timezone.now())
        self.audit(request, Act.CHECK, row)
        messages.success(request, _("Thank you. Visitors can see the organisation now."))
        return redirect("admin:businesses_endorsement_change", pk)
