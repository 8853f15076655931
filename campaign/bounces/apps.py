"""Messages that come back or are marked as spam: we learn of them from a provider or a mailbox, and act on them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BouncesConfig(AppConfig):
    """Messages that come back or are marked as spam: we learn of them from a provider or a mailbox, and act on them."""

    name = "campaign.bounces"
    verbose_name = _("bounces")

    def ready(self) -> None:
        from campaign.bounces import checks  # noqa: F401 - it registers itself
