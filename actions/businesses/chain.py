"""The chain of hashes of the brands' ledger. `check_audit_log` checks it too."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from actions.businesses.models import Entry, EntryLink
from campaign.append_only.chain import Chain, checked

CHAIN = checked(Chain(_("brands’ ledger"), Entry, EntryLink, unlinked=Q(is_example=True)))
