"""The media library: pictures and documents that organisers upload."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    """The media library: pictures and documents that organisers upload."""

    name = "campaign.media"
    verbose_name = _("pictures and documents")
