"""What each role may do with the panic switch."""

from campaign.roles import SUPPORTER_CARE

SUPPORTER_CARE.may("public_names.hide_names")
