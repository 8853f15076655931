"""Keys that last a day, the fingerprint of the hash key, which never changes, and erasures bound for the journal."""

import os
import time
from datetime import date
from functools import lru_cache
from typing import Self

from django.db import models
from django.utils import timezone

MINUTE = 60


class DailyKey(models.Model):
    """The key that hashes networks for one day. Once it is destroyed, that day's hashes can't be recomputed.

    So nobody, including us, can find the address behind a hash by trying every address. The table is UNLOGGED: it
    bypasses the write-ahead log, so no archive of that log and no replica ever contains a key. After a crash, or on a
    replica that takes over, the table is empty, and a new key is used for the rest of the day.
    """

    day = models.DateField(primary_key=True)
    key = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return str(self.day)

    @classmethod
    def of(cls, day: date) -> Self:
        """Return a day's key. The day's first call creates the key, and destroys those of earlier days."""
        made, is_new = cls.objects.get_or_create(day=day, defaults={"key": os.urandom(32)})
        if is_new:
            cls.objects.filter(day__lt=day).delete()
        return made


class HashKeyMark(models.Model):
    """The first bytes of the hash key's fingerprint, in one row: see `campaign.privacy.hash_key`."""

    mark = models.BinaryField(max_length=4)

    def __str__(self) -> str:
        return bytes(self.mark).hex()


def daily_key(day: date) -> bytes:
    """Return 32 bytes that are the same in every process, and all day unless the database crashes."""
    return _key_in_minute(day, int(time.time()) // MINUTE)


@lru_cache(maxsize=1)
def _key_in_minute(day: date, _minute: int) -> bytes:
    """Return a day's key, reread every minute: a process must not keep using one that a crash has destroyed."""
    return bytes(DailyKey.of(day).key)


class ErasureEntry(models.Model):
    """A line waiting to be written to the journal of erasures: see `campaign.privacy.erasures`."""

    line = models.CharField(max_length=250)
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.noted_at)
