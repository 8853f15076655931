"""Public data that the site fetches by itself: postcodes, and whatever other apps register."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicDataConfig(AppConfig):
    """Public data that the site fetches by itself: postcodes, and whatever other apps register."""

    name = "campaign.public_data"
    verbose_name = _("public data")

    def ready(self) -> None:
        from campaign.public_data import desk, postcodes, starting, tasks  # noqa: F401 - they register themselves
