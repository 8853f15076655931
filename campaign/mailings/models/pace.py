"""When the next message may be sent, to any domain and to each one. All workers share these rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Pace(models.Model):
    """The earliest time for the next message: to any domain if `domain_hash` is empty, or else to that domain."""

    domain_hash = models.BinaryField(primary_key=True, max_length=8)
    free_at = models.DateTimeField(_("free from"))

    class Meta:
        verbose_name = _("sending rate")
        verbose_name_plural = _("sending rates")
        indexes = [models.Index(fields=["free_at"], name="pace_free_at")]

    def __str__(self) -> str:
        return f"{self.free_at}"
