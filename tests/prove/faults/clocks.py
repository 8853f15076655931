"""Wrong clocks for other processes, by libfaketime, if it is installed.

With libfaketime 0.9.10, threads wait for ever if the monotonic clock is faked, and `time.sleep` fails (EINVAL) if it
isn't. So only the wall clock is faked, and `select` replaces `time.sleep`.
"""

from pathlib import Path

LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
SLEEP = "import select, time\ntime.sleep = lambda seconds: select.select([], [], [], seconds)\n"
WAIT = """
from threading import Event
wait = Event.wait
Event.wait = lambda self, timeout=None: wait(self, timeout and timeout / {speed})
"""


def _preloaded(folder, more=""):
    (folder / "clocks").mkdir(exist_ok=True)
    (folder / "clocks/sitecustomize.py").write_text(SLEEP + more)
    own = {"LD_PRELOAD": str(LIBRARY), "DONT_FAKE_MONOTONIC": "1", "FAKETIME_NO_CACHE": "1"}
    return own | {"PYTHONPATH": str(folder / "clocks")}


def faster(folder, speed):
    """Return environment variables for a clock that runs `speed` times as fast; none without libfaketime.

    `Event.wait`, which uses the monotonic clock, waits for less time to match.
    """
    return _preloaded(folder, WAIT.format(speed=speed)) | {"FAKETIME": f"+0 x{speed}"} if LIBRARY else {}


class Clock:
    """A clock that a test can change while other processes use it."""

    def __init__(self, folder):
        self.file = folder / "clock"
        self.environment = _preloaded(folder) | {"FAKETIME_TIMESTAMP_FILE": str(self.file)}
        self.put(0)

    def put(self, seconds):
        """Set the clock to this many seconds ahead of the real time, or behind it if negative."""
        self.file.write_text(f"{seconds:+}\n")
