"""Reading public pages from a replica of the database, if REPLICA_DATABASE_URL names one (docs/adr/0025).

Only views that say so read there: public pages, which front caches may keep for half a minute anyway. Everything else
reads the primary: pages with a token, answers to a POST, the admin, and the workers. Every write goes to the primary.
"""

import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from threading import Lock, Thread
from typing import Any, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections, models
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from campaign.db import is_unavailable

PRIMARY, REPLICA = DEFAULT_DB_ALIAS, "replica"
MAX_LAG = 10.0  # seconds behind the primary
MAX_LAG_WITHOUT_PRIMARY = 600.0  # seconds since the replica last had everything, while the primary doesn't answer
LOOK_EVERY = 1.0  # seconds
# How much each has written or replayed, in bytes (PostgreSQL, 9.27.3 and 9.27.4). A replica fails at the first.
WRITTEN = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"
REPLAYED = "SELECT pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')"

Response = TypeVar("Response", bound=HttpResponseBase)
_source: ContextVar[str] = ContextVar("source", default=PRIMARY)
_is_primary_only: ContextVar[bool] = ContextVar("is_primary_only", default=False)


class Router:
    """A database router: reads go where `reads_replica` says, and writes to the primary."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        return _source.get()

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        return PRIMARY

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db == REPLICA else None


class Follower:
    """How far the replica is behind. Two threads of each process ask both servers, so that no visitor waits for that.

    Every second, one notes how much the primary has written. Once the replica has replayed as much, it is complete up
    to that second. So it makes no difference why a replica is behind, or whether the machines' clocks agree.
    """

    def __init__(self) -> None:
        self.complete_at = self.primary_at = -math.inf  # both in seconds, as from time.monotonic
        self.has_replica = False
        self._written: deque[tuple[float, int]] = deque(maxlen=math.ceil(MAX_LAG / LOOK_EVERY) + 2)
        self._threads: list[Thread] = []
        self._lock = Lock()

    def start(self) -> None:
        """Start the threads, unless they run in this process."""
        with self._lock:
            if not all(thread.is_alive() for thread in self._threads) or not self._threads:
                looks = (self.look_at_primary, self.look_at_replica)
                self._threads = [Thread(target=_repeat, args=[look], daemon=True) for look in looks]
                for thread in self._threads:
                    thread.start()

    def look_at_primary(self) -> None:
        """Record how much the primary has written so far."""
        began, written = time.monotonic(), _ask(PRIMARY, WRITTEN)
        if written is not None:
            self._written.append((began, written))
            self.primary_at = began

    def look_at_replica(self) -> None:
        """Record the time up to which the replica is complete."""
        replayed = _ask(REPLICA, REPLAYED)
        self.has_replica = replayed is not None
        reached = [at for at, written in list(self._written) if replayed is not None and written <= replayed]
        self.complete_at = max([self.complete_at, *reached])

    def sources(self) -> list[str]:
        """Return where to read a public page: first here, and if that server is unavailable, there."""
        now = time.monotonic()
        has_primary = now - self.primary_at <= MAX_LAG
        lag = now - self.complete_at if self.has_replica else math.inf
        if lag <= MAX_LAG or (lag <= MAX_LAG_WITHOUT_PRIMARY and not has_primary):
            return [REPLICA, PRIMARY]
        return [PRIMARY, REPLICA] if lag <= MAX_LAG_WITHOUT_PRIMARY else [PRIMARY]


follower = Follower()


def reads_replica(view: Callable[..., Response]) -> Callable[..., Response]:
    """Let a view answer GET and HEAD requests from the replica. It mustn't need what was stored a moment ago.

    Organisers have a session, and see the primary, so that they find at once what they have just published.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        if REPLICA not in settings.DATABASES or request.method not in ("GET", "HEAD") or _is_primary_only.get():
            return view(request, *args, **kwargs)
        follower.start()
        sources = follower.sources()
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            sources.sort()  # "default" before "replica"
        try:
            with _reading_from(sources[0]):
                return view(request, *args, **kwargs)
        except Error as error:
            if len(sources) == 1 or not is_unavailable(error):
                raise
        with _reading_from(sources[1]):
            return view(request, *args, **kwargs)

    return answer


@contextmanager
def primary_only() -> Iterator[None]:
    """Read everything from the primary inside a `with` block, and start no threads, so that the process may fork."""
    token = _is_primary_only.set(True)
    try:
        yield
    finally:
        _is_primary_only.reset(token)


@contextmanager
def _reading_from(alias: str) -> Iterator[None]:
    token = _source.set(alias)
    try:
        yield
    finally:
        _source.reset(token)


def _repeat(look: Callable[[], None]) -> None:
    while True:
        look()
        time.sleep(LOOK_EVERY)


def _ask(alias: str, question: str) -> int | None:
    """Return the answer, or None if the server can't be reached or has the other role."""
    connection = connections[alias]
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            (position,) = cursor.fetchone()
    except Error:
        connection.close()
        return None
    return None if position is None else int(position)
