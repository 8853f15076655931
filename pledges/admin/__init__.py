"""Pledges, signatures, bulk changes and exports in the admin."""

from pledges.admin import exports, pledges, signatures, sweeps  # noqa: F401 - each registers what it is about
