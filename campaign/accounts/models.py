"""Organisers' invitations and e-mail addresses, their sign-ins from unknown browsers, and reports of lost phones."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from campaign.audit.acts import Act
from campaign.audit.log import record
from campaign.mail.models import Message
from campaign.privacy.crypto import keyed_hash
from campaign.privacy.encrypted_field import EncryptedTextField

SIGN_IN_LINK = "accounts.sign_in_link"
NEW_BROWSER = "accounts.new_browser"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Queries for invitations."""

    def leads_to(self, user: User, inviter: User) -> bool:
        """Return whether `inviter` invited this organiser, either directly or through any number of others."""
        inviters = dict(self.values_list("organiser", "invited_by"))
        current: int | None = user.pk
        while current is not None:
            current = inviters.pop(current, None)
            if current == inviter.pk:
                return True
        return False


class Invitation(models.Model):
    """The organiser who created another's account. Accounts created on the server have none.

    The inviter can't be deleted, because one person's two accounts must not look unrelated.
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


class OrganiserAddress(models.Model):
    """An organiser's e-mail address. Messages refer to it by its key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organiser = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="address", verbose_name=_("organiser")
    )
    email = EncryptedTextField(_("e-mail address"))

    class Meta:
        verbose_name = _("organiser’s address")

    def __str__(self) -> str:
        return str(self.organiser)

    @property
    def fingerprint(self) -> str:
        """Return a code that changes with the address, but reveals nothing about it."""
        return keyed_hash(self.email or "", "organiser's address").hex()[:32]

    @transaction.atomic
    def send_link(self, now: datetime, by: User | None) -> None:
        """Queue a message with a one-time link at `now` (aware), at the request of an organiser or of the site (None).

        The link is created when the message is written.
        """
        record(by, Act.MAKE_LINK, self.organiser)
        Message.objects.create(kind=SIGN_IN_LINK, object_id=self.pk, due_at=now)


class NewBrowser(models.Model):
    """A completed sign-in from an unknown browser, with the details for the message about it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organiser = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    browser = models.CharField(max_length=60)
    signed_in_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.browser

    @classmethod
    def report(cls, organiser: User, browser: str, now: datetime) -> None:
        """Queue a message about a sign-in at `now` (aware), if we have the organiser's address."""
        if OrganiserAddress.objects.filter(organiser=organiser).exists():
            found = cls.objects.create(organiser=organiser, browser=browser, signed_in_at=now)
            Message.objects.create(kind=NEW_BROWSER, object_id=found.pk, due_at=now)


class LostPhone(models.Model):
    """An organiser's report, made with their password, that they have lost their second factor."""

    organiser = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="lost_phone"
    )
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.organiser)
