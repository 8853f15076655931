"""Each role's permissions for letters."""

from campaign.roles import EDITOR, SUPPORTER_CARE

PARTS = ["letters.letter", "letters.wording", "letters.point", "letters.ask"]

EDITOR.manages(*PARTS, "letters.recipient")
EDITOR.changes("letters.body")
EDITOR.may("letters.add_body")  # but nobody may delete a body
EDITOR.views("letters.downloadcount", "letters.sentcount")
SUPPORTER_CARE.views(*PARTS, "letters.body", "letters.recipient")
