"""Which organiser invited which."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils.translation import gettext_lazy as _


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Queries for invitations."""

    def leads_to(self, user: User, inviter: User) -> bool:
        """Return whether `inviter` invited this organiser, directly or through any number of others."""
        inviters = dict(self.values_list("organiser", "invited_by"))
        current: int | None = user.pk
        while current is not None:
            current = inviters.pop(current, None)
            if current == inviter.pk:
                return True
        return False


class Invitation(models.Model):
    """The organiser who created another's account. Accounts created on the server have none.

    The inviter can't be deleted: two accounts of one person must not look like strangers.
    """

    organiser = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="invitation",
        verbose_name=_("organiser"),
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="invitations", verbose_name=_("invited by")
    )

    objects = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.organiser_id} ← {self.invited_by_id}"

    @classmethod
    def note(cls, organiser: User, invited_by: User) -> Self:
        """Record who created this account, once."""
        return cls.objects.get_or_create(organiser=organiser, defaults={"invited_by": invited_by})[0]
