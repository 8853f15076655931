"""Checks of the erasure journal: of its location, by `check --deploy`, and that it outlives backups, at each start."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from campaign.checks import START

EMPTIED = ("/tmp", "/var/tmp", "/dev/shm", "/run")  # noqa: S108  # nosec B108 - by systemd, or at each boot
OF_POSTGRESQL = ("/var/lib/postgresql", "/var/lib/pgsql")
MAX_DELAY_DAYS = 3  # until a backup that is too old is deleted: a timer may be late, and `find` counts whole days
HINT = "Set ERASURE_JOURNAL to a file on another disk or a share, or to an empty value if another machine keeps it."


@register(START)
def check_expiry(**_options: Any) -> list[CheckMessage]:
    """Report backups that would outlive the journal: one that is restored would bring erased people back."""
    if settings.KEEP_ERASURES_DAYS >= settings.KEEP_BACKUPS_DAYS + MAX_DELAY_DAYS:
        return []
    what = (
        f"The journal of erasures is kept for {settings.KEEP_ERASURES_DAYS} days (KEEP_ERASURES_DAYS), and backups for "
        f"{settings.KEEP_BACKUPS_DAYS} (KEEP_BACKUPS_DAYS)."
    )
    hint = f"Keep the journal at least {MAX_DELAY_DAYS} days longer: an old backup would bring back erased people."
    return [Error(what, hint=hint, id="privacy.E003")]


@register(Tags.security, deploy=True)
def check_journal(*_apps: Any, **_options: Any) -> list[CheckMessage]:
    """Report a journal that would be lost with a restart, the database or the checkout."""
    if not settings.ERASURE_JOURNAL:
        return []
    path = Path(settings.ERASURE_JOURNAL).resolve()
    if any(path.is_relative_to(place) for place in EMPTIED):
        return [Error(f"ERASURE_JOURNAL ({path}) is in a folder that gets emptied.", hint=HINT, id="privacy.E002")]
    if any(path.is_relative_to(place) for place in (settings.BASE_DIR, *OF_POSTGRESQL)):
        return [Warning(f"ERASURE_JOURNAL ({path}) would be lost with that folder.", hint=HINT, id="privacy.W001")]
    return []
