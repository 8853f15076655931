"""Appeals for money."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FundraisingConfig(AppConfig):
    """Appeals for money."""

    name = "actions.fundraising"
    verbose_name = _("giving")
