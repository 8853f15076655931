"""Organisers' own words in links, by which signatures are counted."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TagsConfig(AppConfig):
    """Organisers' own words in links, by which signatures are counted."""

    name = "campaign.tags"
    verbose_name = _("tags")
