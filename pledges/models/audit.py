"""Every change of a signature's state, noted by the database itself: who, when, from what to what, and reason."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

SETTINGS = ("organiser", "reason", "bulk_invalidation")


class StateChange(models.Model):
    """One change of one state. A trigger on the table of signatures writes it, so that none can be forgotten.

    What signers do themselves is noted to the hour: the time of a signature can be matched with other things.
    """

    signature = models.ForeignKey(
        "pledges.Signature", models.DO_NOTHING, db_constraint=False, related_name="changes", verbose_name=_("signature")
    )
    at = models.DateTimeField(_("when"))
    organiser = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("organiser")
    )
    old = models.CharField(_("from"), max_length=11)
    new = models.CharField(_("to"), max_length=11)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    bulk_invalidation = models.ForeignKey(
        "pledges.BulkInvalidation",
        models.SET_NULL,
        null=True,
        related_name="changes",
        verbose_name=_("bulk invalidation"),
    )

    class Meta:
        verbose_name = _("change of a signature")
        verbose_name_plural = _("changes of signatures")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


@contextmanager
def decided(organiser: User, reason: str, invalidation_id: int | None = None) -> Iterator[None]:
    """Make the changes inside in one transaction, and have them noted as this organiser's, for this reason."""
    with transaction.atomic():
        _tell(str(organiser.pk), reason, str(invalidation_id or ""))
        yield
        _tell("", "", "")


def _tell(*values: str) -> None:
    """Hand the trigger what it notes, until the transaction ends."""
    with connection.cursor() as cursor:
        for name, value in zip(SETTINGS, values, strict=True):
            cursor.execute("SELECT set_config(%s, %s, true)", [f"hub.{name}", value])
