"""The engagement plan, and the communities that take part."""

from actions.communities.models.anchors import AnchorDate
from actions.communities.models.community import Community
from actions.communities.models.community_queryset import CommunityQuerySet
from actions.communities.models.complaint import Complaint
from actions.communities.models.contact_change import ContactChange
from actions.communities.models.plan import Material, Plan, Step
from actions.communities.models.progress import PlannedStep, Report
from actions.communities.models.region import Region

__all__ = [
    "AnchorDate",
    "Community",
    "CommunityQuerySet",
    "Complaint",
    "ContactChange",
    "Material",
    "PlannedStep",
    "Plan",
    "Region",
    "Report",
    "Step",
]
