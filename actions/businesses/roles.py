"""Each role's permissions for businesses."""

from campaign.roles import EDITOR

EDITOR.manages("businesses.calltoaction", "businesses.brand", "businesses.endorsement")
EDITOR.views("businesses.entry", "businesses.commitmentoffer", "businesses.companyreply", "businesses.complaint")
EDITOR.may("businesses.handle_complaint")
EDITOR.may("businesses.add_entry", "businesses.check_entry", "businesses.decide_entry", "businesses.check_endorsement")
