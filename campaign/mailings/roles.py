"""The permissions of each role for mailings. Organisers who may send may also approve another organiser's mailing."""

from campaign.roles import DATA_OFFICER, EDITOR, EVENTS, SUPPORTER_CARE

PARTS = [f"mailings.{name}" for name in ("mailing", "mailtext", "mailquotation", "mailbutton", "mailcard")]

for role in (EDITOR, EVENTS):
    role.manages(*PARTS)
    role.may("mailings.send_mailing")
EVENTS.views("places.constituency")  # to limit a mailing to one
SUPPORTER_CARE.views(*PARTS)
SUPPORTER_CARE.may("mailings.send_mailing")  # they read supporters' replies, and can stop a mailing that goes wrong
DATA_OFFICER.views(*PARTS)
