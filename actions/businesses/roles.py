"""Each role's permissions for businesses."""

from campaign.roles import EDITOR

EDITOR.manages("businesses.calltoaction", "businesses.ask", "businesses.letterpoint")
EDITOR.manages("businesses.brand", "businesses.endorsement")
EDITOR.views("businesses.entry", "businesses.commitmentoffer", "businesses.companyreply", "businesses.complaint")
EDITOR.may(*(f"businesses.{verb}_entry" for verb in ("record", "check", "decide")), "businesses.check_endorsement")
EDITOR.may("businesses.handle_complaint")
