"""The call to action, the organisations that endorse it, the brands and their ledger."""

from actions.businesses.models.brand import Brand, Sector, show_statuses
from actions.businesses.models.call import Ask, CallToAction
from actions.businesses.models.endorsement import Endorsement
from actions.businesses.models.entry import Entry, EntryLink
from actions.businesses.models.kinds import Basis, Kind, Level
from actions.businesses.models.notice import Notice
from actions.businesses.models.status import Code, Status

__all__ = [
    "Ask",
    "Basis",
    "Brand",
    "CallToAction",
    "Code",
    "Endorsement",
    "Entry",
    "EntryLink",
    "Kind",
    "Level",
    "Notice",
    "Sector",
    "Status",
    "show_statuses",
]
