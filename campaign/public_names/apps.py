"""The panic switch, which hides the public names of all signers and donors at once."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicNamesConfig(AppConfig):
    """The panic switch, which hides the public names of all signers and donors at once."""

    name = "campaign.public_names"
    verbose_name = _("public names")

    def ready(self) -> None:
        from campaign.public_names import approvals, tasks  # noqa: F401 - they register themselves
