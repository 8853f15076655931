"""Messages queued with the data they are about, sent by a worker."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    """Messages queued with the data they are about, sent by a worker."""

    name = "campaign.mail"
    verbose_name = _("mail")

    def ready(self) -> None:
        from campaign.mail import checks, holdings, metrics, retention  # noqa: F401 - they register themselves
