"""Senders' details in the admin: shown only to organisers with a further right, and each look is in the audit log."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from campaign.audit.acts import Act
from campaign.modeladmin import HubModelAdmin

SEE_SENDERS = "businesses.see_senders"
# The fields that show who sent a row.
DETAILS = frozenset({"name", "role", "email", "sender"})


class HidesSenders(HubModelAdmin):
    """Admin for rows whose sender only organisers with a further right can see."""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Return the fields to show, with the sender's details if the organiser may see them."""
        may_see = request.user.has_perm(SEE_SENDERS)
        return [name for name in super().get_fields(request, obj) if may_see or name not in DETAILS]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Show the row. If that shows who sent it, record in the audit log that this organiser has looked."""
        row = self.get_object(request, object_id)
        if row is not None and request.user.has_perm(SEE_SENDERS) and self.has_sender(row):
            self.audit(request, Act.SEE_SENDER, row)
        return super().change_view(request, object_id, form_url, extra_context)

    def has_sender(self, row: Any) -> bool:
        """Return whether we hold the details of somebody who sent this row."""
        return True
