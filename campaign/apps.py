"""The site's own checks."""

from django.apps import AppConfig


class CampaignConfig(AppConfig):
    """Registers the site-wide checks of `manage.py check`."""

    name = "campaign"

    def ready(self) -> None:
        from campaign import checks, static_files  # noqa: F401 - they register themselves
