"""The permissions of each role for links and redirects."""

from campaign.roles import EDITOR

EDITOR.views("links.checkedlink", "links.redirect")
EDITOR.may("links.delete_redirect")
