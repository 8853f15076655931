"""The models of pledges and their signatures."""

from pledges.models.activity import Activity
from pledges.models.audit import Change
from pledges.models.bulk_invalidation import Sweep
from pledges.models.counts import AreaTally, Tally
from pledges.models.export import Export
from pledges.models.ledger import LedgerLine
from pledges.models.manage_link import ManageLink
from pledges.models.pledge import Demand, PaperSheet, Pledge, PledgeQuerySet
from pledges.models.signature import Signature, SignatureQuerySet

__all__ = [
    "Activity",
    "AreaTally",
    "Change",
    "Demand",
    "Export",
    "LedgerLine",
    "ManageLink",
    "PaperSheet",
    "Pledge",
    "PledgeQuerySet",
    "Signature",
    "SignatureQuerySet",
    "Sweep",
    "Tally",
]
