"""What each role may do with businesses."""

from campaign.roles import EDITOR

EDITOR.manages("businesses.calltoaction", "businesses.brand")
