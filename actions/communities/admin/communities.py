"""Communities in the admin: organisers approve them, hide names and erase entries, but can't edit an entry."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from actions.communities.admin.filters import CommunityState
from actions.communities.models import Community
from campaign.audit.acts import Act
from campaign.audit_admin.looks import RecordsLooks
from campaign.email_addresses.finding import FindsAddresses, may_be_address
from campaign.email_addresses.parsing import usable_address
from campaign.email_addresses.scripts import mixes_scripts
from campaign.modeladmin import ReadOnlyAdmin, organiser

MAX_AT_ONCE = 1000
SAVED = _("Saved. The public list changes within a minute.")
ONE_BY_ONE = _("Communities that want to be named were left out. Open each one, and read its name.")
OUTDATED = _(
    "Nothing was approved: the contact has changed the entry since you opened this page, or somebody has already "
    "approved it. Please check it again."
)
CONTACT = ("contact_name", "contact_role", "email", "outward_code")


@admin.register(Community)
class CommunityAdmin(RecordsLooks, FindsAddresses, ReadOnlyAdmin):
    """Communities for organisers to approve. Only organisers with a further right see contacts."""

    empty_message = _("No community has joined yet. Share the link to the plan, and communities will appear here.")
    change_form_template = "admin/communities/community.html"
    list_display = ["asked_at", "shown_name", "kind", "region", "visibility", "state"]
    list_filter = [CommunityState, "kind", "region", "visibility"]
    search_fields = ["public_name"]
    search_help_text = _("Part of a public name, or the whole e-mail address of a contact.")
    search_help_without_addresses = _(
        "Part of a public name. You need a further right to search for an e-mail address."
    )
    details_permission = address_permission = "communities.see_contact"
    details = frozenset(CONTACT)
    look = Act.SEE_ADDRESS
    fields = (
        *("shown_name", "kind", "region", "visibility", "state", "language", *CONTACT),
        *("confirmed_at", "approved_at", "active_at", "reminded_at", "steps_taken"),
    )
    actions = ["approve"]

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(require_POST(self.decide))
        return [path("<uuid:pk>/decide/", decide, name="communities_community_decide"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Community]:
        rows: QuerySet[Community] = super().get_queryset(request).defer(*CONTACT)
        return rows.filter(confirmed_at__isnull=False, left_at=None).prefetch_related("steps")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return self.get_fields(request, obj)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Community], search_term: str
    ) -> tuple[QuerySet[Community], bool]:
        """Look addresses up by their keyed hash, because none is stored in plain text."""
        term = search_term.strip()
        if not may_be_address(term):
            return super().get_search_results(request, queryset, term)
        if not self.may_search(request, term):
            return queryset.none(), False
        return queryset.filter(email_hash=Community.email_hash_of(usable_address(term))), False

    @admin.display(description=_("name"))
    def shown_name(self, community: Community) -> str:
        """Return the name if it is public or waiting for approval, otherwise "(counted only)" or "(hidden)"."""
        name = community.public_name or (community.name if community.is_waiting else "")
        return name or str(_("(counted only)") if community.visibility == "count" else _("(hidden)"))

    @admin.display(description=_("state"))
    def state(self, community: Community) -> str:
        if community.is_waiting:
            return str(_("waiting for approval"))
        return str(_("name hidden") if community.name_hidden else _("taking part"))

    @admin.display(description=_("steps taken"))
    def steps_taken(self, community: Community) -> int:
        return sum(step.done_on is not None for step in community.steps.all())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        context = {
            "may_decide": self.has_change_permission(request),
            "mixes": row is not None and any(map(mixes_scripts, (row.name or "").split())),
        }
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    def decide(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Approve a community, hide or stop hiding its name, or erase it, depending on the button that was pressed."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        if "remove" in request.POST:
            return self._remove(request, row)
        if "approve" in request.POST:
            return self._approve(request, row)
        if "hide" in request.POST or "show" in request.POST:
            row.hide_name(organiser(request), hidden="hide" in request.POST)
        self.message_user(request, SAVED, messages.SUCCESS)
        return redirect("admin:communities_community_change", pk)

    def _approve(self, request: HttpRequest, row: Community) -> HttpResponse:
        """Approve the community, unless its contact has changed the name since the organiser opened the page."""
        if row.approve(organiser(request), request.POST.get("naming", ""), timezone.now()):
            self.message_user(request, SAVED, messages.SUCCESS)
        else:
            self.message_user(request, OUTDATED, messages.ERROR)
        return redirect("admin:communities_community_change", row.pk)

    def _remove(self, request: HttpRequest, row: Community) -> HttpResponse:
        """Erase the community if the organiser has ticked that they are sure."""
        if "sure" not in request.POST:
            self.message_user(request, _("Tick “I am sure” to erase the community."), messages.ERROR)
            return redirect("admin:communities_community_change", row.pk)
        row.remove(organiser(request), timezone.now())
        self.message_user(request, _("The community and its contact were erased."), messages.SUCCESS)
        return redirect("admin:communities_community_changelist")

    @admin.action(description=_("Approve selected communities"), permissions=["change"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Community]) -> None:
        """Approve communities that are counted only. Organisers have to open any that want to be named."""
        selected = Community.objects.filter(pk__in=list(queryset.values_list("pk", flat=True)[:MAX_AT_ONCE]))
        count = selected.approve_counted(organiser(request), timezone.now())
        text = ngettext("%(count)s community was approved.", "%(count)s communities were approved.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)
        if selected.waiting().exists():
            self.message_user(request, ONE_BY_ONE, messages.WARNING)

    def has_change_permission(self, request: HttpRequest, obj: Community | None = None) -> bool:
        """Return whether the organiser may approve, hide and erase communities. Nobody can edit an entry."""
        return obj is None and request.user.has_perm("communities.change_community")
