"""Senders' details in the admin: shown only to organisers with a further right, and each look is in the audit log."""

from campaign.audit.acts import Act
from campaign.audit_admin.looks import RecordsLooks


class HidesSenders(RecordsLooks):
    """Admin for rows whose sender only organisers with a further right can see."""

    details = frozenset({"name", "role", "email", "sender"})
    details_permission = "businesses.see_senders"
    look = Act.SEE_SENDER
