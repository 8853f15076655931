"""The rule that a password must be more than a common one, or the words that everybody knows the site by."""

import re
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from campaign.pages.models import SiteSettings

MIN_OTHER_CHARACTERS = 8
WORD = re.compile(r"\w{4,}")
EVERY_SITES = ("admin", "campaign", "organiser", "organizer", "password", "pledge")


class UncommonPasswordValidator(CommonPasswordValidator):
    """Refuses common passwords, and those that are little more than words of this site."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError unless eight characters are left without the site's words."""
        super().validate(password, user)
        rest = password.casefold()
        for word in sorted(own_words(), key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(rest) < MIN_OTHER_CHARACTERS:
            raise ValidationError(_("This password is too easy to guess: it is mostly words of this site."), code="own")


def own_words() -> set[str]:
    """Return the words of four letters or more by which people know this site, in lower case."""
    site = SiteSettings.current()
    text = " ".join((site.name, site.short_name, settings.SITE_HOST, *EVERY_SITES))
    return set(WORD.findall(text.casefold()))
