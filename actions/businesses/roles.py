"""Who writes about businesses."""

from campaign.roles import EDITOR

EDITOR.manages("businesses.calltoaction", "businesses.brand")
