"""What we ask of businesses, and what brands answer."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BusinessesConfig(AppConfig):
    """What we ask of businesses, and what brands answer."""

    name = "actions.businesses"
    verbose_name = _("businesses")
