"""Clocks that go wrong: variables for a process started with libfaketime, if it is installed.

Under libfaketime 0.9.10, `time.sleep` fails (EINVAL) if the monotonic clock is left alone, and threads wait for ever if
it isn't. So it is left alone, and such a process sleeps in `select`.
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
    """Return variables for a clock that starts now, and runs this many times as fast: none without libfaketime.

    Pauses in `Event.wait`, by the monotonic clock, are shorter to match.
    """
    return _preloaded(folder, WAIT.format(speed=speed)) | {"FAKETIME": f"+0 x{speed}"} if LIBRARY else {}


class Clock:
    """A clock that a test sets, for all processes that it is given to."""

    def __init__(self, folder):
        self.file = folder / "clock"
        self.environment = _preloaded(folder) | {"FAKETIME_TIMESTAMP_FILE": str(self.file)}
        self.put(0)

    def put(self, seconds):
        """Set it to this many seconds ahead of the real time."""
        self.file.write_text(f"{seconds:+}\n")
