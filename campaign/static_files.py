"""Checks that pages can link to their style sheet and scripts. Production needs the manifest from `collectstatic`."""

import logging
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.conf import STATICFILES_STORAGE_ALIAS
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.files.storage import storages

from campaign.monitoring.log_lines import Safe

INCOMPLETE = "The static files manifest is missing, damaged or from another release, so pages fail."
HINT = "Run: manage.py collectstatic --noinput"
log = logging.getLogger(__name__)


def is_complete() -> bool:
    """Return whether the manifest read by this process names every static file."""
    try:
        storage = storages[STATICFILES_STORAGE_ALIAS]
        return not isinstance(storage, ManifestStaticFilesStorage) or storage.hashed_files.keys() >= _names()
    except (AttributeError, ValueError):  # not a manifest, or damaged
        return False


@cache
def _names() -> frozenset[str]:
    """Return the names of this release's static files."""
    ignored = StaticFilesConfig.ignore_patterns
    return frozenset(name for finder in get_finders() for name, _storage in finder.list(ignored))


@register(Tags.database)
def check_static_files(databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Stop `migrate`, which runs before the web server starts, if all pages of this release would fail."""
    if not databases or is_complete():
        return []
    return [Error(INCOMPLETE, hint=HINT, id="campaign.E002")]


def complain() -> None:
    """Log an error if a web server starts without static files."""
    if not is_complete():
        log.critical("%s %s, and restart.", Safe(INCOMPLETE), Safe(HINT))
