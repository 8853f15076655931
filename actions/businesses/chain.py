"""The brands' ledger's chain of hashes, which `check_audit_log` also checks."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from actions.businesses.models import Entry, EntryLink
from campaign.append_only.chain import Chain, checked

CHAIN = checked(Chain(_("brands’ ledger"), Entry, EntryLink, unlinked=Q(is_example=True)))
