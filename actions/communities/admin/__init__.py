"""Communities in the admin."""

from actions.communities.admin import communities, plans, reading  # noqa: F401 - they register themselves
