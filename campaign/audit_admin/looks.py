"""Personal details in the admin that only organisers with a further right see, and a record of each viewing."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse

from campaign.audit.acts import Act
from campaign.modeladmin import HubModelAdmin


class RecordsLooks(HubModelAdmin):
    """Admin for rows with personal details. Other organisers see the rows without these fields."""

    details: ClassVar[frozenset[str]]
    details_permission: ClassVar[str]
    look: ClassVar[Act]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Return the fields to show, with the details if the organiser may see them."""
        may_see = request.user.has_perm(self.details_permission)
        return [name for name in super().get_fields(request, obj) if may_see or name not in self.details]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Show the row. If that shows the details, record in the audit log that this organiser has looked."""
        row = self.get_object(request, object_id)
        if row is not None and self._sees_details(request, row):
            self.audit(request, self.look, row)
        return super().change_view(request, object_id, form_url, extra_context)

    def has_details(self, row: Any) -> bool:
        """Return whether the row has any of the details."""
        return True

    def _sees_details(self, request: HttpRequest, row: Any) -> bool:
        may_see = request.user.has_perm(self.details_permission) and self.has_view_or_change_permission(request, row)
        return may_see and self.has_details(row)
