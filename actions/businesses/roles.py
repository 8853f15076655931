"""Each role's permissions for businesses."""

from campaign.roles import EDITOR

EDITOR.manages("businesses.calltoaction", "businesses.brand", "businesses.endorsement")
EDITOR.views("businesses.entry")
EDITOR.may("businesses.add_entry", "businesses.check_entry", "businesses.decide_entry", "businesses.check_endorsement")
