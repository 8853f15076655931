"""Mailings in the admin: writing, previewing and testing them, asking to send them, and following their progress."""

from campaign.mailings.admin import mailings  # noqa: F401 - it registers the model
