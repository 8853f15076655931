"""Constituencies and postcodes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    """Constituencies and postcodes."""

    name = "campaign.places"
    verbose_name = _("places")
