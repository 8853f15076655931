"""Which roles see the constituencies and where they come from."""

from campaign.roles import EDITOR, SUPPORTER_CARE

for role in (EDITOR, SUPPORTER_CARE):
    role.views("places.constituency", "places.edition")
