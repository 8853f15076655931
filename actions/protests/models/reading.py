"""Reading protests so that one bad row never hides the others."""

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from django.urls import NoReverseMatch

from campaign.monitoring.log_lines import Safe

if TYPE_CHECKING:
    from actions.protests.models.protest import Protest

log = logging.getLogger(__name__)
T = TypeVar("T")
# The errors that unreadable rows raise: no date matches the rule, the time zone is unknown, or a time is missing.
UNREADABLE = (ArithmeticError, AttributeError, LookupError, NoReverseMatch, OSError, TypeError, ValueError)


def read_each(protests: Iterable["Protest"], read: Callable[["Protest"], T]) -> list[tuple["Protest", T]]:
    """Return each protest with what `read` returns for it. Skip any that can't be read, and log its key."""
    results = []
    for protest in protests:
        try:
            results.append((protest, read(protest)))
        except UNREADABLE as error:
            log.error(
                "Protest %s can't be shown (%s): correct it in the admin.", protest.pk, Safe(type(error).__name__)
            )
    return results
