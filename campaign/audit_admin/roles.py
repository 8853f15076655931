"""The permissions of each role for the audit log."""

from campaign.roles import DATA_OFFICER

DATA_OFFICER.views("audit.auditentry")
