"""Actions on signatures that need approval: each module registers one or two kinds with `campaign.approvals`."""

from pledges.approvals import bulk_invalidations, closing, exports, signatures  # noqa: F401 - they register themselves
