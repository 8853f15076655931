"""Each role's permissions for subject access requests."""

from campaign.roles import DATA_OFFICER

DATA_OFFICER.may("subject_access.answer_subject_access")
