"""Pledges, signatures, bulk invalidations and exports in the admin."""

from pledges.admin import bulk_invalidations, exports, pledges, signatures  # noqa: F401 - each registers its own models
