"""The chain of hashes of the audit log. See `campaign.append_only.chain` for what it can and can't prove."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from campaign.append_only.chain import Chain, checked
from campaign.audit.models import AuditEntry, AuditLink

KEPT_FOR = timedelta(days=6 * 365)  # the trigger refuses to delete anything that is less than six years old
CHAIN = checked(Chain(_("audit log"), AuditEntry, AuditLink, KEPT_FOR))
newest_link, problems = CHAIN.newest, CHAIN.problems
