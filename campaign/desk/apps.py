"""The organisers' front page, and the daily message about tasks waiting for them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """The organisers' front page, and the daily message about tasks waiting for them."""

    name = "campaign.desk"
    verbose_name = _("desk")

    def ready(self) -> None:
        from campaign.desk import editing, emails, pages_and_mail, setting_up  # noqa: F401 - they register themselves
