"""Every change of a signature's state, recorded by the database itself: both states, who made it, when and why."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

SETTINGS = ("organiser", "reason", "bulk_invalidation")


class StateChange(models.Model):
    """One change of a signature's state. A trigger on the signature table writes it, so that none is missed.

    What signers do themselves is recorded to the hour: an exact time could be matched with other records.
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
        verbose_name = _("change of state")
        verbose_name_plural = _("changes of state")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


@contextmanager
def attributed_to(organiser: User, reason: str, invalidation_id: int | None = None) -> Iterator[None]:
    """Run the block in one transaction, attributing its changes to this organiser, with this reason."""
    with transaction.atomic():
        _set_for_trigger(str(organiser.pk), reason, str(invalidation_id or ""))
        yield
        _set_for_trigger("", "", "")


def _set_for_trigger(*values: str) -> None:
    """Set the values that the trigger records, until the transaction ends."""
    with connection.cursor() as cursor:
        for name, value in zip(SETTINGS, values, strict=True):
            cursor.execute("SELECT set_config(%s, %s, true)", [f"hub.{name}", value])
