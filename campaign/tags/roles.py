"""The permissions of each role for tags."""

from campaign.roles import DATA_OFFICER, EDITOR, EVENTS, SUPPORTER_CARE

EDITOR.manages("tags.tag")
EVENTS.manages("tags.tag")  # for leaflets about a protest
SUPPORTER_CARE.views("tags.tag")
DATA_OFFICER.views("tags.tag")
