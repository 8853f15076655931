"""Each role's permissions for messages and suppressed addresses."""

from campaign.roles import DATA_OFFICER, SUPPORTER_CARE

SUPPORTER_CARE.changes("mail.message")
for role in (SUPPORTER_CARE, DATA_OFFICER):
    role.may("mail.view_suppressedaddress", "mail.delete_suppressedaddress", "mail.find_suppressed_address")
