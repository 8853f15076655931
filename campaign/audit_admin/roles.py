"""What each role may do with the audit log."""

from campaign.roles import DATA_OFFICER

DATA_OFFICER.views("audit.auditentry")
