"""The roles that can view the constituencies and the sources of data."""

from campaign.roles import EDITOR, SUPPORTER_CARE

for role in (EDITOR, SUPPORTER_CARE):
    role.views("places.constituency", "places.edition")
