"""The organisers' key for sealed names: the test that it can be used, and the page that opens boxes offline."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SealingConfig(AppConfig):
    """The organisers' key for sealed names, and what opens them."""

    name = "campaign.sealing"
    verbose_name = _("sealed names")

    def ready(self) -> None:
        from campaign.sealing import checks, tasks  # noqa: F401 - they register themselves
