"""Records of answers to subject access requests."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from campaign.email_addresses.canonical import canonical
from campaign.pages.models import SiteSettings
from campaign.privacy.crypto import keyed_hash
from campaign.privacy.holdings import held_about


def subject_hash(address: str) -> bytes:
    """Return the 32-byte hash under which an answer is stored. Signatures with this address have a different one."""
    return keyed_hash(canonical(address), "subject access")


class SubjectAccessQuerySet(models.QuerySet["SubjectAccess"]):
    """Queries for answers."""

    def about(self, address: str) -> Self:
        """Return the answers given to a normalised address."""
        return self.filter(address_hash=subject_hash(address))


class SubjectAccess(models.Model):
    """A person's file: which organiser created it, when and why. A hash of the address is stored, but not the file."""

    organiser = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("organiser")
    )
    at = models.DateTimeField(_("when"), editable=False)
    reason = models.CharField(_("reason"), max_length=200)
    address_hash = models.BinaryField(max_length=32)
    file: str  # what the person gets; set by `SubjectAccessAdmin`, and never stored

    objects = SubjectAccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("subject access request")
        verbose_name_plural = _("subject access requests")
        ordering = ["-at"]
        default_permissions = ()
        permissions = [("answer_subject_access", _("Can make a file of everything that is held about one person"))]
        indexes = [
            models.Index(fields=["-at"], name="subject_access_newest"),
            models.Index(fields=["address_hash"], name="subject_access_of_an_address"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"

    def answer(self, address: str, organiser: User, now: datetime) -> str:
        """Record that this organiser answered at `now` (aware), and return the person's file as HTML."""
        entries = held_about(address)
        self.organiser, self.at, self.address_hash = organiser, now, subject_hash(address)
        self.save()
        context = {"address": address, "at": now, "entries": entries, "site": SiteSettings.current()}
        return render_to_string("subject_access/answer.html", context)
