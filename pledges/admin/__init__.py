"""Pledges, signatures, lost mailboxes, bulk invalidations and exports in the admin."""

from pledges.admin import (  # noqa: F401 - each registers its own models
    bulk_invalidations,
    exports,
    lost_mailboxes,
    pledges,
    reasons,
    signatures,
)
