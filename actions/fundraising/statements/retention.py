"""Retention of links to statements."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from actions.fundraising.models import StatementLink
from campaign.privacy.retention import rule


@rule(_("A link to a statement of donations, with the address that asked for it"), "KEEP_LINKS_DAYS")
def delete_old_links(before: datetime) -> int:
    """Delete links made before then (aware)."""
    count, _by_model = StatementLink.objects.filter(created_at__lt=before).delete()
    return count
