"""A check that a link to a source leads to the document itself."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# The last part of an address that lists documents, such as /news/, or describes a body, such as /forced-labour-lab/.
LIST = re.compile(
    r"about|all-projects|briefings|documents|home|index|latest-news|news|press|press-releases|projects|publications"
    r"|releases|reports|research|resources|speeches|statements|topics"
)
BODY = re.compile(r"(?:[a-z]+-){0,4}(?:centre|committee|council|lab|office)")
# The folders in which the UN Human Rights Office describes its experts and committees.
BODIES = ("special-procedures", "treaty-bodies")


def a_document(url: str) -> None:
    """Raise ValidationError for a malformed link, or a link to a front page, a list, or a page about a body.

    Only the URL is examined: nothing is fetched.
    """
    try:
        path = urlsplit(url).path
    except ValueError as error:
        raise ValidationError(_("Enter a valid URL.")) from error
    parts = [part for part in path.lower().split("/") if part]
    if parts and len(parts[0]) == 2:  # a language, as in /en/
        parts = parts[1:]
    if not parts or LIST.fullmatch(parts[-1]) or BODY.fullmatch(parts[-1]) or parts[0] in BODIES:
        raise ValidationError(
            _(
                "This link goes to a front page or a list. Link to the document itself. If it is not online, leave "
                "the link blank, and give its title, number and date."
            )
        )
