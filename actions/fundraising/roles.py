"""Each role's permissions for appeals, donations and Gift Aid."""

from campaign.roles import EDITOR, TREASURER

for role in (EDITOR, TREASURER):
    role.manages("fundraising.appeal", "fundraising.demand")
    role.views("fundraising.visitcount")
EDITOR.views("fundraising.fund")
TREASURER.manages("fundraising.fund")
TREASURER.changes("fundraising.donationsettings", "fundraising.donation", "fundraising.declaration")
TREASURER.views("fundraising.payment", "fundraising.refund", "fundraising.dispute", "fundraising.discrepancy")
TREASURER.may("fundraising.add_donationsettings")  # to save the settings for the first time: there is only one row
TREASURER.may("fundraising.find_donor", "fundraising.claim_gift_aid")
