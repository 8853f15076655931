"""What each role may do with links."""

from campaign.roles import EDITOR

EDITOR.views("links.checkedlink", "links.redirect")
EDITOR.may("links.delete_redirect")
