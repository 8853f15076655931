"""A new contact of a community, who has to confirm by mail before taking over."""

from datetime import datetime
from typing import ClassVar

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from campaign.confirming.models import ConfirmedByMail
from campaign.privacy.encrypted_field import EncryptedTextField

NEW_CONTACT = "communities.contact"


class ContactChange(ConfirmedByMail):
    """A request to make somebody else the contact. Their confirmation erases the old contact's details and link."""

    asks_by: ClassVar[str] = NEW_CONTACT

    community = models.ForeignKey("communities.Community", models.CASCADE, related_name="contact_changes")
    contact_name = EncryptedTextField(_("name"))
    contact_role = EncryptedTextField(_("role"))

    class Meta:
        verbose_name = _("new contact of a community")
        verbose_name_plural = _("new contacts of communities")
        constraints = [models.UniqueConstraint("community", name="one_new_contact_a_community")]

    def __str__(self) -> str:
        return str(self.pk)

    def become_confirmed(self, now: datetime) -> None:
        """Make this person the contact. If they are another community's contact already, change nothing."""
        try:
            with transaction.atomic():
                self.community.take_contact(self.email or "", self.contact_name or "", self.contact_role or "", now)
        except IntegrityError:
            return
        self.email = self.contact_name = self.contact_role = None
