"""The site on a machine with a read-only disk: it may write temporary files, and nothing else."""

import errno
import os
import sys
import tempfile

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {"os.mkdir", "os.rename", "os.link", "os.symlink", "os.truncate", "shutil.move", "os.remove", "os.rmdir"}
TEMPORARY = (os.path.realpath(tempfile.gettempdir()), "/dev/", "/proc/")


def refuse(event, arguments):
    """Fail as a read-only disk does if a path outside the temporary folder is opened for writing or changed."""
    if event == "open":
        path, _mode, flags = arguments
        writes = bool((flags or 0) & WRITES)
    else:
        path, writes = arguments[0] if arguments else None, event in CHANGES
    if writes and isinstance(path, str | bytes) and not os.path.realpath(os.fsdecode(path)).startswith(TEMPORARY):
        raise OSError(errno.EROFS, f"Read-only file system ({event})", path)


sys.addaudithook(refuse)

from campaign.wsgi import application  # noqa: E402, F401 - after the hook
