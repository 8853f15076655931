"""What each role may do with pages and with the settings of the site."""

from campaign.roles import EDITOR, EVENTS, SUPPORTER_CARE

PARTS = ["pages.page", "pages.text", "pages.fact", "pages.action"]

EDITOR.manages(*PARTS, "pages.menuitem")
EDITOR.changes("pages.sitesettings")
EDITOR.may("pages.add_sitesettings")  # the first time: there is only one row
for role in (EVENTS, SUPPORTER_CARE):
    role.views(*PARTS)  # protests and letters link to pages
