"""Reports from communities and complaints from visitors, for organisers to read and mark as dealt with."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.communities.admin.filters import Open
from actions.communities.models import Complaint, Report
from campaign.audit.acts import Act
from campaign.audit_admin.looks import RecordsLooks
from campaign.modeladmin import ReadOnlyAdmin


class ToReadAdmin(ReadOnlyAdmin):
    """Rows that organisers can read and mark, but not change."""

    list_filter = [Open]
    show_full_result_count = False
    column: str  # the field with the time at which the row was dealt with

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the organiser may mark rows. Nobody can change what others wrote."""
        return obj is None and request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")

    def mark(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Record that the selected rows have been dealt with."""
        count = queryset.filter(**{f"{self.column}__isnull": True}).update(**{self.column: timezone.now()})
        self.audit(request, Act.CHANGE, self.model, fields=[self.column], count=count)
        self.message_user(request, _("Saved."), messages.SUCCESS)


@admin.register(Report)
class ReportAdmin(ToReadAdmin):
    """Communities' reports of what they have done. None of them is public."""

    empty_message = _("No community has reported anything yet. What they write on their own pages appears here.")
    list_display = ["sent_at", "community", "read_at"]
    list_select_related = ["community"]
    fields = ["community", "sent_at", "text", "read_at"]
    actions = ["mark_read"]
    column = "read_at"

    @admin.action(description=_("Mark selected reports as read"), permissions=["change"])
    def mark_read(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        self.mark(request, queryset)


@admin.register(Complaint)
class ComplaintAdmin(RecordsLooks, ToReadAdmin):
    """Complaints about entries. Only organisers with a further right see where to send the answer."""

    empty_message = _("Nobody has complained about an entry. Complaints appear here as soon as they are sent.")
    list_display = ["asked_at", "about", "answered_at"]
    fields = ["asked_at", "about", "words", "email", "answered_at"]
    actions = ["mark_answered"]
    column = "answered_at"
    details = frozenset({"email"})
    details_permission = "communities.see_contact"
    look = Act.SEE_ADDRESS

    @admin.action(description=_("Mark selected complaints as answered"), permissions=["change"])
    def mark_answered(self, request: HttpRequest, queryset: QuerySet[Complaint]) -> None:
        self.mark(request, queryset)
