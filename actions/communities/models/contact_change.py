"""A new contact of a community, who has to confirm by mail before taking over."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from actions.communities.models.community import Community
from campaign.confirming.models import ConfirmedByMail, ConfirmedByMailQuerySet
from campaign.privacy.encrypted_field import EncryptedTextField

NEW_CONTACT = "communities.contact"


class ContactChangeQuerySet(ConfirmedByMailQuerySet):
    """Queries for new contacts."""

    @transaction.atomic
    def confirm(self, now: datetime) -> Any:
        """Confirm and return the first row that can still be confirmed at `now` (aware), or return None without one.

        The community is locked first, as it is whenever its current contact changes something. Otherwise, each could
        wait for the other.
        """
        communities = Community.objects.filter(pk__in=self.values("community")).select_for_update()
        list(communities.values_list("pk"))
        return super().confirm(now)


class ContactChange(ConfirmedByMail):
    """A request to make somebody else the contact. Once they confirm, the old contact and their link are erased."""

    confirmation_kind: ClassVar[str] = NEW_CONTACT

    community = models.ForeignKey(Community, models.CASCADE, related_name="contact_changes")
    contact_name = EncryptedTextField(_("name"))
    contact_role = EncryptedTextField(_("role"))

    objects: ClassVar = ContactChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("new contact for a community")
        verbose_name_plural = _("new contacts for communities")
        constraints = [models.UniqueConstraint("community", name="one_new_contact_a_community")]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    @transaction.atomic
    def request(cls, community: Community, email: str, now: datetime, **answers: str) -> None:
        """Ask the person at a normalised address, at `now` (aware), to become the contact. Cancel any earlier request.

        Asking the same address again replaces the answers, but not the link. It sends another message only ten minutes
        after the last, so correcting a mistake doesn't use up the address's messages.
        """
        changes = cls.objects.filter(community=community)
        if changes.filter(confirmed_at=None).from_address(email).update(asked_at=now, **answers):
            changes.resend(email, now)
            return
        changes.delete()
        cls.ask(email, now, community=community, **answers)

    def become_confirmed(self, now: datetime) -> None:
        """Make this person the contact, unless they already are another community's."""
        try:
            with transaction.atomic():
                self.community.replace_contact(self.email or "", self.contact_name or "", self.contact_role or "", now)
        except IntegrityError:
            return
        self.email = self.contact_name = self.contact_role = None
