"""Each role's permissions for businesses."""

from campaign.roles import EDITOR

EDITOR.manages("businesses.calltoaction", "businesses.ask", "businesses.brand", "businesses.endorsement")
EDITOR.views("businesses.entry")
EDITOR.may(*(f"businesses.{verb}_entry" for verb in ("record", "check", "decide")), "businesses.check_endorsement")
