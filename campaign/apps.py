"""The registrations that the site needs whichever apps it has."""

from django.apps import AppConfig
from django.conf import settings

from campaign.monitoring.log_config import READABLE
from campaign.monitoring.log_lines import replace_reports


class CampaignConfig(AppConfig):
    """Registers checks, metrics, and what data we hold about people who complain. Starts the reports of errors."""

    name = "campaign"

    def ready(self) -> None:
        from campaign import checks, static_files  # noqa: F401 - they register themselves
        from campaign.complaints import holdings, retention  # noqa: F401
        from campaign.monitoring import machine, sentry  # noqa: F401 - the first registers its metrics

        if not READABLE:
            replace_reports()
        if settings.SENTRY_DSN:
            sentry.start(settings.SENTRY_DSN)
