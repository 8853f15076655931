"""What each role may do with pictures and documents."""

from campaign.roles import EDITOR, EVENTS, SUPPORTER_CARE

EDITOR.manages("media.picture", "media.document")
EVENTS.manages("media.picture")  # for the pages of protests
SUPPORTER_CARE.views("media.picture", "media.document")
