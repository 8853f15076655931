"""Pledges in the admin, and the trends among their signatures."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from campaign.approvals.models import ApprovalRequest
from campaign.media.choosing import ChoosesPictures
from campaign.modeladmin import organiser, without_links
from campaign.pages.admin import PublishedAdmin
from campaign.pages.ordering import RowsInline
from pledges.admin.trends import PERIODS, draft_bulk_invalidation, trends
from pledges.approvals.closing import ERASE_SIGNERS, ErasureKind
from pledges.forms.wording import WordingForm
from pledges.models import Demand, DemandEntry, Milestone, PaperSheet, Pledge, ShareText

REVIEW = "pledges.change_signature"


class DemandInline(RowsInline):
    """The demands, in order."""

    model = Demand


class DemandEntryInline(RowsInline):
    """The entries of the demands, newest first."""

    model = DemandEntry
    fields = [("demand", "status", "day"), "words", "source", "url"]

    def get_formset(self, request: HttpRequest, obj: Pledge | None = None, **kwargs: Any) -> Any:
        """Return the formset, which offers only the saved demands of this pledge."""
        formset = super().get_formset(request, obj, **kwargs)
        field: Any = formset.form.base_fields.get("demand")
        if field:
            field.queryset = Demand.objects.filter(pledge=obj)
        without_links(formset.form, "demand")
        return formset


class MilestoneInline(ChoosesPictures, RowsInline):
    """The milestones of the pledge, newest first."""

    model = Milestone
    fields = [("kind", "day"), "words", "source", "url", "picture"]


class ShareTextInline(RowsInline):
    """The texts that signers can send, in order."""

    model = ShareText


class PaperInline(RowsInline):
    """Signatures collected on paper."""

    model = PaperSheet
    fields = [("counted_on", "place", "signatures")]


@admin.register(Pledge)
class PledgeAdmin(PublishedAdmin):
    """Pledges, with the number of signatures and a link to their trends."""

    empty_message = _("There are no pledges yet. Add one: its title, its statement, what it demands, and a goal.")
    change_form_template = "admin/pledges/pledge.html"
    list_display = [
        *("title", "state", "published", "on_home_page", "goal", "count", "closes_at", "updated_at", "trends_link"),
    ]
    search_fields = ["title", "summary", "statement", "demands__text"]
    inlines = [DemandInline, DemandEntryInline, MilestoneInline, ShareTextInline, PaperInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pledge]:
        return super().get_queryset(request).with_count()

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Return the columns. Leave out trends if this organiser may not open that page."""
        columns = list(super().get_list_display(request))
        return [name for name in columns if name != "trends_link" or request.user.has_perm(REVIEW)]

    def get_urls(self) -> list[URLPattern]:
        erase = self.admin_site.admin_view(require_POST(self.erase))
        own = [
            path("<int:pk>/trends/", self.admin_site.admin_view(self.trends), name="pledges_pledge_trends"),
            path("<int:pk>/erase-signers/", erase, name="pledges_pledge_erase"),
        ]
        return [*own, *super().get_urls()]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the demands last. Deleting a demand also deletes its entries, which the same form saves."""
        super().save_related(request, form, sorted(formsets, key=lambda one: one.model is Demand), change)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Offer to erase the signers of a closed pledge, if this organiser may do so."""
        pledge = self.get_object(request, object_id)
        may_erase = pledge is not None and pledge.has_closed and request.user.has_perm(ErasureKind.permission)
        return super().change_view(request, object_id, form_url, (extra_context or {}) | {"may_erase": may_erase})

    def erase(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Draft a request to erase the signers of a closed pledge, and redirect to the page that asks for a reason."""
        if not request.user.has_perm(ErasureKind.permission):
            raise PermissionDenied
        pledge = get_object_or_404(Pledge, pk=pk)
        if not pledge.has_closed:
            self.message_user(request, _("This pledge is open: its signers can be erased once it has closed."))
            return redirect("admin:pledges_pledge_change", pk)
        draft = ApprovalRequest.draft(ERASE_SIGNERS, organiser(request), about=pledge, subject=pledge.pk)
        return redirect("admin:approvals_approvalrequest_change", draft.pk)

    def has_delete_permission(self, request: HttpRequest, obj: Pledge | None = None) -> bool:
        """Return whether a pledge may be deleted. Once anybody has signed it, it may not."""
        return super().has_delete_permission(request, obj) and not (obj and obj.signatures.exists())

    def publish_form(self, pledge: Pledge) -> type[WordingForm] | None:
        """Return the class of the form to show when this draft is published, or None if there is nothing to ask."""
        return WordingForm if pledge.asks_about_words() else None

    @admin.display(description=_("counted"), ordering="count")
    def count(self, pledge: Pledge) -> int:
        return pledge.count

    @admin.display(description=_("trends"))
    def trends_link(self, pledge: Pledge) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("admin:pledges_pledge_trends", args=[pledge.pk]), _("Trends"))

    def trends(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the most frequent networks, mail domains and hours. A POST drafts a bulk invalidation for one."""
        if not request.user.has_perm(REVIEW):
            raise PermissionDenied
        pledge = get_object_or_404(Pledge, pk=pk)
        if request.method == "POST":
            invalidation = draft_bulk_invalidation(
                pledge, organiser(request), request.POST.get("column", ""), request.POST.get("value", "")
            )
            return redirect("admin:pledges_bulkinvalidation_change", invalidation.pk)
        days = next((days for days in PERIODS if request.GET.get("days") == str(days)), PERIODS[0])
        context = self.admin_site.each_context(request) | {
            "title": _("Trends: %(title)s") % {"title": pledge.title},
            "pledge": pledge,
            "periods": PERIODS,
            "days": days,
            "tables": trends(pledge, days, timezone.now()),
        }
        return render(request, "admin/pledges/trends.html", context)
