"""The call to action, the organisations that endorse it, the brands and their ledger."""

from actions.businesses.models.brand import Brand, show_statuses
from actions.businesses.models.call import Ask, CallToAction
from actions.businesses.models.complaints import Complaint
from actions.businesses.models.endorsement import Endorsement
from actions.businesses.models.entry import Entry, EntryLink
from actions.businesses.models.figures import DailyFigures
from actions.businesses.models.kinds import Basis, Kind, Level, Sector
from actions.businesses.models.letter import LetterPoint
from actions.businesses.models.notice import Notice
from actions.businesses.models.offers import CommitmentOffer, EndorsementOffer
from actions.businesses.models.replies import CompanyReply
from actions.businesses.models.status import Code, Status

__all__ = [
    "Ask",
    "Basis",
    "Brand",
    "CallToAction",
    "Code",
    "CommitmentOffer",
    "CompanyReply",
    "Complaint",
    "DailyFigures",
    "Endorsement",
    "EndorsementOffer",
    "Entry",
    "EntryLink",
    "Kind",
    "Level",
    "LetterPoint",
    "Notice",
    "Sector",
    "Status",
    "show_statuses",
]
