"""Starting the updates that organisers have asked for, in a process of their own: they take minutes and much memory."""

import subprocess
import sys
from datetime import datetime

from django.conf import settings
from django.db import transaction

from campaign.db import Lock, try_lock
from campaign.periodic import runs_regularly
from campaign.public_data.models import DataUpdate

COMMAND = [sys.executable, str(settings.BASE_DIR / "manage.py"), "update_data", "--waiting"]
STARTED: list[subprocess.Popen] = []


@runs_regularly
def start_waiting(now: datetime) -> int:
    """Start a process for the waiting updates, unless one is running anywhere; return 1 if there was anything to do."""
    STARTED[:] = [process for process in STARTED if process.poll() is None]
    states = set(DataUpdate.objects.filter(state__in=["waiting", "running"]).values_list("state", flat=True))
    if not states or STARTED or not _end_interrupted(now):
        return 0
    if "waiting" in states:
        STARTED.append(subprocess.Popen(COMMAND, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL))  # noqa: S603 - ours
    return 1


@transaction.atomic
def _end_interrupted(now: datetime) -> bool:
    """Mark the updates that were interrupted, and return True; return False if some process is running updates."""
    if not try_lock(Lock.UPDATE_DATA):
        return False
    DataUpdate.objects.end_interrupted(now)
    return True
