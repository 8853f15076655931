"""Keys that last a day, the fingerprint of the key that must never change, and erasures on their way to the journal."""

import os
from datetime import date
from functools import lru_cache
from typing import Self

from django.db import models
from django.utils import timezone


class DailyKey(models.Model):
    """The key with which networks are hashed on one day. When it is destroyed, no hash of that day can be made again.

    So nobody, we included, can try all addresses and find whose a hash is.
    """

    day = models.DateField(primary_key=True)
    key = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return str(self.day)

    @classmethod
    def of(cls, day: date) -> Self:
        """The key of a day, made when first asked for; that of the days before is destroyed with that."""
        made, is_new = cls.objects.get_or_create(day=day, defaults={"key": os.urandom(32)})
        if is_new:
            cls.objects.filter(day__lt=day).delete()
        return made


class HashKeyMark(models.Model):
    """The one row with the first bytes of the fingerprint of the key of the hashes: see `campaign.privacy.hash_key`."""

    mark = models.BinaryField(max_length=4)

    def __str__(self) -> str:
        return bytes(self.mark).hex()


@lru_cache(maxsize=1)
def daily_key(day: date) -> bytes:
    """32 bytes, the same all day in every process."""
    return bytes(DailyKey.of(day).key)


class ErasureEntry(models.Model):
    """A line waiting to be written to the journal of erasures: see `campaign.privacy.erasures`."""

    line = models.CharField(max_length=250)
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.noted_at)
