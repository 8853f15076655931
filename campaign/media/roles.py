"""The permissions of each role for pictures and documents."""

from campaign.roles import EDITOR, EVENTS, SUPPORTER_CARE

EDITOR.manages("media.picture", "media.document")
EVENTS.manages("media.picture")  # for the pages of protests
SUPPORTER_CARE.views("media.picture", "media.document")
for role in (EDITOR, EVENTS, SUPPORTER_CARE):  # somebody in danger mustn't wait for one particular organiser
    role.may("media.withdraw_file")
