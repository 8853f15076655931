"""The permissions of each role for mailings. An organiser who may send may also approve what another wants to send."""

from campaign.roles import DATA_OFFICER, EDITOR, EVENTS, SUPPORTER_CARE

PARTS = [f"mailings.{name}" for name in ("mailing", "mailtext", "mailquotation", "mailbutton", "mailcard")]

for role in (EDITOR, EVENTS):
    role.manages(*PARTS)
    role.may("mailings.send_mailing")
EVENTS.views("places.constituency")  # to limit a mailing to one
SUPPORTER_CARE.views(*PARTS)
SUPPORTER_CARE.may("mailings.send_mailing")  # they read supporters' answers, and can stop a mailing that goes wrong
DATA_OFFICER.views(*PARTS)
