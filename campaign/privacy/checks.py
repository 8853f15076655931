"""The check, by `check --deploy`, of the erasure journal's location."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

EMPTIED = ("/tmp", "/var/tmp", "/dev/shm", "/run")  # noqa: S108  # nosec B108 - by systemd, or at each boot
OF_POSTGRESQL = ("/var/lib/postgresql", "/var/lib/pgsql")
HINT = "Set ERASURE_JOURNAL to a file on another disk or a share, or to an empty value if another machine keeps it."


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
