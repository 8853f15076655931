"""Each role's permissions for the panic switch."""

from campaign.roles import SUPPORTER_CARE

SUPPORTER_CARE.may("public_names.hide_names")
