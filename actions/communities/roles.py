"""Each role's permissions for communities."""

from campaign.roles import EDITOR, EVENTS, SUPPORTER_CARE

PLAN = ["communities.plan", "communities.step", "communities.material", "communities.anchordate"]
PEOPLE = ["communities.community", "communities.report", "communities.complaint"]

EDITOR.manages(*PLAN)
EVENTS.manages(*PLAN)
EVENTS.changes(*PEOPLE)
EVENTS.views("media.document")  # steps offer documents
SUPPORTER_CARE.views(*PLAN)
SUPPORTER_CARE.changes(*PEOPLE)
SUPPORTER_CARE.may("communities.see_contact")
