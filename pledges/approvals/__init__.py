"""Actions on signatures that need approval: each module registers one or two kinds with `campaign.approvals`."""

from pledges.approvals import (  # noqa: F401 - they register themselves
    bulk_invalidations,
    closing,
    exports,
    lost_mailboxes,
    signatures,
)
