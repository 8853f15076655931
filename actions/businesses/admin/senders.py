"""Senders' details in the admin: only organisers with a further right see them, and each viewing is logged."""

from campaign.audit.acts import Act
from campaign.audit_admin.looks import RecordsLooks


class HidesSenders(RecordsLooks):
    """The admin for rows whose sender only organisers with a further right can see."""

    details = frozenset({"name", "role", "email", "sender"})
    details_permission = "businesses.see_senders"
    look = Act.SEE_SENDER
