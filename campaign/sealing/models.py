"""Proof that the organisers can open what is sealed to SEALING_KEY. Nothing is sealed without it."""

import secrets
from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from nacl.public import PublicKey

from campaign.audit.acts import Act
from campaign.audit.log import record
from campaign.privacy.crypto import token_hash
from campaign.privacy.sealed_field import SealedField
from campaign.privacy.sealing import organisers_key, seal

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
GROUPS, IN_GROUP = 4, 4  # 79 bits


class RestoreTest(models.Model):
    """A random phrase, sealed to the organisers' key. The site keeps only its hash, so typing it proves that they have
    the private key.
    """

    public_key = models.CharField(_("public key"), max_length=44)
    box = SealedField(_("sealed phrase"))
    phrase_hash = models.BinaryField(max_length=32)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    passed_at = models.DateTimeField(_("passed"), null=True, editable=False)
    passed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("test of the key")
        verbose_name_plural = _("sealed names")
        ordering = ["-pk"]
        default_permissions = ()
        permissions = [("test_key", _("Can test the key that opens sealed names"))]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"

    @classmethod
    def begin(cls, key: PublicKey) -> Self:
        """Create and return a test of this key, with a new phrase."""
        phrase = " ".join("".join(secrets.choice(LETTERS) for _letter in range(IN_GROUP)) for _group in range(GROUPS))
        hashed = token_hash(_plain(phrase))
        return cls.objects.create(
            public_key=settings.SEALING_KEY, box=seal({"phrase": phrase}, key), phrase_hash=hashed
        )

    @property
    def is_current(self) -> bool:
        """Return whether it tests the key that the site has now."""
        return self.public_key == settings.SEALING_KEY

    @transaction.atomic
    def finish(self, typed: str, organiser: User, now: datetime) -> bool:
        """Record at `now` (aware) that an organiser has typed the right phrase. Return False for any other."""
        if not secrets.compare_digest(token_hash(_plain(typed)), bytes(self.phrase_hash)):
            return False
        if RestoreTest.objects.filter(pk=self.pk, passed_at=None).update(passed_at=now, passed_by=organiser):
            record(organiser, Act.TEST_KEY, self)
        return True


def key_in_use() -> PublicKey | None:
    """Return the key to seal to, or None if there is none, or nobody has proved that they can open what it seals."""
    key = organisers_key()
    tested = RestoreTest.objects.filter(public_key=settings.SEALING_KEY, passed_at__isnull=False)
    return key if key and tested.exists() else None


def _plain(phrase: str) -> str:
    return "".join(phrase.split()).lower()
