"""Each role's permissions for pledges and signatures."""

from campaign.roles import DATA_OFFICER, EDITOR, SUPPORTER_CARE

PARTS = [
    *("pledges.pledge", "pledges.demand", "pledges.demandentry", "pledges.milestone"),
    *("pledges.sharetext", "pledges.papersheet"),
]

EDITOR.manages(*PARTS)
SUPPORTER_CARE.views(*PARTS, "pledges.statechange")
SUPPORTER_CARE.changes("pledges.signature", "pledges.bulkinvalidation", "pledges.reason")
SUPPORTER_CARE.may("pledges.add_bulkinvalidation", "pledges.handle_lostmailbox", "pledges.find_signer")
DATA_OFFICER.views(*PARTS, "pledges.signature", "pledges.reason", "pledges.statechange")
DATA_OFFICER.may("pledges.export_signature", "pledges.find_signer", "pledges.erase_signers")
