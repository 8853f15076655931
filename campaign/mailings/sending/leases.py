"""How news workers can tell which others are still running, even behind a pool in transaction mode.

Each worker renews its lease, a row of the database, every second. If another worker sees that a lease hasn't changed
for 15 seconds, its owner is gone. Nobody compares clocks, and no lock has to outlive a transaction.
"""

import math
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import Self

from django.db import Error, close_old_connections, connection

from campaign.db import is_unavailable
from campaign.mailings.models import Delivery, Lease

RENEW_EVERY = 1.0  # seconds
GONE_AFTER = 15.0  # seconds that a lease has stayed the same before we consider its worker gone
MAX_BETWEEN_LOOKS = 2.0  # seconds that count between two looks


class KeptLease:
    """A worker's own lease. Inside a `with` block, a thread renews it over a database connection of its own.

    It is a thread, because sending one message may take ten minutes, and filling a mailing takes a while too.
    """

    def __init__(self, worker: int, fail: Callable[[BaseException], None]) -> None:
        self.worker, self._fail = worker, fail
        self._thread, self._ended = Thread(target=self._keep), Event()
        self._renewed_at = -math.inf
        self.first_try = Event()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def is_fresh(self) -> bool:
        """Return whether it was renewed so recently that no other worker could soon think this one gone."""
        return time.monotonic() - self._renewed_at < GONE_AFTER / 3

    def _keep(self) -> None:
        """Renew the lease until the block ends, then give it up. An error of ours goes to `fail`."""
        try:
            while not self._ended.is_set():
                self._try_to_renew()
                self.first_try.set()
                self._ended.wait(RENEW_EVERY)
            with suppress(Error):
                Lease.objects.of(self.worker).delete()
        except BaseException as error:  # noqa: BLE001 - the worker raises it again
            self._fail(error)
        finally:
            self.first_try.set()
            connection.close()

    def _try_to_renew(self) -> None:
        """Renew the lease, unless the database is unavailable."""
        try:
            close_old_connections()
            began = time.monotonic()
            Lease.objects.renew(self.worker)
            self._renewed_at = began
        except Error as error:
            if not is_unavailable(error):
                raise
            connection.close()


class OtherWorkers:
    """The other workers' leases, as one worker has seen them."""

    def __init__(self, me: int) -> None:
        self.me = me
        self._looked_at = -math.inf
        self._seen: dict[int, tuple[int | None, float]] = {}  # the renewals, and for how many seconds they are the same

    def forget(self) -> None:
        """Start again after the database was unavailable, when the others couldn't renew their leases either."""
        self._seen = {}

    def gone(self) -> dict[int, int | None]:
        """Look at all leases, and return the numbers of the workers that are gone, with the renewals of their leases.

        A worker with claims but without a lease is gone too, once that has been so for as long. Between two looks, only
        two seconds count: if the database or this machine stood still for longer, so did the other workers, perhaps.
        """
        renewals: dict[int, int | None] = dict.fromkeys(Delivery.objects.claimants())
        renewals |= Lease.objects.renewals_by_worker()
        now = time.monotonic()
        passed, self._looked_at = min(now - self._looked_at, MAX_BETWEEN_LOOKS), now
        unseen: tuple[object, float] = (object(), 0.0)
        before, self._seen = self._seen, {}
        for worker, count in renewals.items():
            last_count, seconds = before.get(worker, unseen)
            self._seen[worker] = count, seconds + passed if count == last_count else 0.0
        unchanged = {worker for worker, (_count, seconds) in self._seen.items() if seconds >= GONE_AFTER}
        return {worker: renewals[worker] for worker in unchanged - {self.me}}
