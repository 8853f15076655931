"""Answers to people who ask what we hold about them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubjectAccessConfig(AppConfig):
    """Answers to people who ask what we hold about them."""

    name = "campaign.subject_access"
    verbose_name = _("privacy")

    def ready(self) -> None:
        from campaign.subject_access import desk, holdings, organiser_holdings, retention  # noqa: F401 - they register themselves
