"""The models of pledges and their signatures."""

from pledges.models.bulk_invalidation import BulkInvalidation
from pledges.models.counts import AreaCount, PublishedCount, TagCount, WordingCount
from pledges.models.export import Export
from pledges.models.ledger import LedgerLine
from pledges.models.lost_mailbox import LostMailbox
from pledges.models.manage_link import ManageLink
from pledges.models.pledge import Pledge, PledgeQuerySet
from pledges.models.pledge_parts import Demand, DemandEntry, Milestone, PaperSheet, ShareText
from pledges.models.reason import Reason
from pledges.models.signatures.activity import Activity
from pledges.models.signatures.queryset import SignatureQuerySet
from pledges.models.signatures.shared_mailbox import add_second, may_add_second, second_of
from pledges.models.signatures.signature import Signature
from pledges.models.signatures.state_changes import StateChange

__all__ = [
    "Activity",
    "AreaCount",
    "StateChange",
    "Demand",
    "DemandEntry",
    "Export",
    "LedgerLine",
    "LostMailbox",
    "ManageLink",
    "Milestone",
    "PaperSheet",
    "Pledge",
    "PledgeQuerySet",
    "Reason",
    "ShareText",
    "Signature",
    "SignatureQuerySet",
    "BulkInvalidation",
    "PublishedCount",
    "TagCount",
    "WordingCount",
    "add_second",
    "may_add_second",
    "second_of",
]
