"""Each role's permissions for sealed names."""

from campaign.roles import DATA_OFFICER

DATA_OFFICER.may("sealing.test_key")
