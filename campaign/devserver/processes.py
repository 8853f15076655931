"""Child processes that never outlive us, and restart if they die first. For Linux, with only the standard library."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG = 1  # prctl(2)
STOP_WAIT = 12.0
RESTART_WAIT = 1.0
MAX_RESTART_WAIT = 30.0
STABLE_AFTER = 60.0


def end_with_parent(parent: int) -> None:
    """Receive SIGTERM when the process `parent` dies, even from `kill -9`, or at once if it is already dead."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def tied() -> Callable[[], None]:
    """Return a `preexec_fn` for a child that ends when the calling process does."""
    parent = os.getpid()
    return lambda: end_with_parent(parent)


def on_end(do: Callable[[], None]) -> None:
    """Call `do` on the first SIGINT, SIGTERM or SIGHUP. A second signal doesn't interrupt the tidying up."""
    wanted = [number for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP) if not _is_under_nohup(number)]

    def end(number: int, frame: FrameType | None) -> None:
        for each in wanted:
            signal.signal(each, signal.SIG_IGN)
        do()

    for number in wanted:
        signal.signal(number, end)


def _is_under_nohup(number: int) -> bool:
    return number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN


class Child:
    """A command kept running. It is restarted when it dies, after a longer wait each time until it lasts a minute."""

    def __init__(self, name: str, command: list[str], folder: Path) -> None:
        self.name, self.command, self.folder = name, command, folder
        self.wait = RESTART_WAIT
        self.start()

    def start(self) -> None:
        """Start it in a separate session: Ctrl-C in the terminal reaches only us, and we stop it."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603  # nosec B603 - our own commands
            self.command, cwd=self.folder, start_new_session=True, preexec_fn=tied()
        )

    def is_running(self) -> bool:
        return self.process.poll() is None

    def seconds(self) -> float:
        """Return how many seconds ago it was started."""
        return time.monotonic() - self.started

    def restart(self) -> None:
        """Start it again. Lengthen the wait before the next restart, unless the process lasted for a minute."""
        self.wait = RESTART_WAIT if self.seconds() > STABLE_AFTER else min(self.wait * 2, MAX_RESTART_WAIT)
        self.start()

    def is_due(self) -> bool:
        """Return whether it has died and it is time to restart it."""
        return not self.is_running() and self.seconds() > self.wait


def stop(children: Iterable[Child]) -> None:
    """End all the children, and kill any that are still running after 12 seconds."""
    children = list(children)
    for child in children:
        child.process.terminate()
    deadline = time.monotonic() + STOP_WAIT
    for child in children:
        try:
            child.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()
