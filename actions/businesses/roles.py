"""Each role's permissions for businesses."""

from campaign.roles import EDITOR

EDITOR.manages("businesses.calltoaction", "businesses.brand")
