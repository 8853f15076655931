"""The permissions of each role for mailings. Whoever may send may also approve what another organiser wants to send."""

from campaign.roles import DATA_OFFICER, EDITOR, EVENTS, SUPPORTER_CARE

for role in (EDITOR, EVENTS):
    role.manages("mailings.mailing")
    role.may("mailings.send_mailing")
SUPPORTER_CARE.views("mailings.mailing")
SUPPORTER_CARE.may("mailings.send_mailing")  # they read supporters' answers, and can stop a mailing that goes wrong
DATA_OFFICER.views("mailings.mailing")
