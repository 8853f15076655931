"""The role that updates public data."""

from campaign.roles import EDITOR

EDITOR.views("public_data.dataupdate")
EDITOR.may("public_data.update_data")
