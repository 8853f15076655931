"""What each role may do with pictures and documents."""

from campaign.roles import EDITOR, EVENTS, SUPPORTER_CARE

EDITOR.manages("media.picture", "media.document")
EVENTS.manages("media.picture")  # for the pages of protests
SUPPORTER_CARE.views("media.picture", "media.document")
for role in (EDITOR, EVENTS, SUPPORTER_CARE):  # somebody in danger must not wait for the one person who may
    role.may("media.withdraw_file")
