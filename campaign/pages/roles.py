"""Each role's permissions for pages and for the site's settings."""

from campaign.roles import EDITOR, EVENTS, SUPPORTER_CARE

BLOCKS = [
    *("text", "quotation", "fact", "figure", "question", "columns", "action", "embed"),
    *("pictureblock", "gallerypicture", "videolink", "download"),
]
PARTS = ["pages.page", "pages.update", *(f"pages.{name}" for name in BLOCKS)]

EDITOR.manages(*PARTS, "pages.menuitem", "pages.homesection", "pages.partner")
EDITOR.changes("pages.sitesettings")
EDITOR.may("pages.add_sitesettings")  # needed once: there is only one row
for role in (EVENTS, SUPPORTER_CARE):
    role.views(*PARTS)  # protests and letters link to pages
