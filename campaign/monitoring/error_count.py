"""The number of errors that this machine has logged, shared by all its processes.

It is the size of a file, to which each error adds one byte: appending to a file needs neither a lock nor the database,
which may be what has failed.
"""

import logging
import os
from contextlib import suppress
from pathlib import Path

from campaign.monitoring.log_lines import ROOT


class ErrorCounter(logging.Handler):
    """A handler that counts lines."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError):  # a full disk is for `/readyz` to report
            file = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(file, b".")
            finally:
                os.close(file)


def path() -> Path:
    """Return the file: in the folder that systemd gives to our services or, on a laptop, in `var/`."""
    return Path(os.environ.get("STATE_DIRECTORY") or ROOT / "var") / "errors"


def count() -> int:
    """Return how many errors have been logged since the file was made."""
    with suppress(OSError):
        return path().stat().st_size
    return 0
