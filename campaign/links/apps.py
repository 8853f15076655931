"""Links that organisers write: completed, checked, and kept working when a page is renamed."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LinksConfig(AppConfig):
    """Links that organisers write: completed, checked, and kept working when a page is renamed."""

    name = "campaign.links"
    verbose_name = _("links")
