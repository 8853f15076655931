"""The registrations that the site needs whichever apps it has."""

from django.apps import AppConfig


class CampaignConfig(AppConfig):
    """Registers checks for `manage.py check`, and what data we hold about people who complain, and for how long."""

    name = "campaign"

    def ready(self) -> None:
        from campaign import checks, static_files  # noqa: F401 - they register themselves
        from campaign.complaints import holdings, retention  # noqa: F401
