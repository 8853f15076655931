"""The permissions of each role for subscribers."""

from campaign.roles import DATA_OFFICER, SUPPORTER_CARE

for role in (SUPPORTER_CARE, DATA_OFFICER):
    role.may("news.view_subscriber", "news.delete_subscriber", "news.find_subscriber")
