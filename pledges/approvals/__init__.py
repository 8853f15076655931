"""Acts on signatures that need care: each module describes one or two kinds for `campaign.approvals`."""

from pledges.approvals import bulk_invalidations, closing, exports, signatures  # noqa: F401 - they register themselves
