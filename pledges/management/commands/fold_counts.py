"""The former name of `publish_counts`, for services that still use it."""

from pledges.management.commands.publish_counts import Command

__all__ = ["Command"]
