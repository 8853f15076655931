"""Content that two organisers publish: one asks, and another approves."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JointPublishingConfig(AppConfig):
    """Content that two organisers publish: one asks, and another approves."""

    name = "campaign.joint_publishing"
    verbose_name = _("publishing by two organisers")

    def ready(self) -> None:
        """Register the kinds of request, and make the editor follow the rule."""
        from campaign.editing.publishing import PublishingAdmin
        from campaign.joint_publishing.rule import RequestsApproval

        PublishingAdmin.joint = RequestsApproval()
