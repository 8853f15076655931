"""Requests to withdraw from people who can no longer read the mailbox that they signed with.

Everybody who asks gets the same answer: we store one row and look nothing up. Two organisers then decide, using
`pledges.approvals.lost_mailboxes`.
"""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.approvals.models import ApprovalRequest
from campaign.network.daily_limit import LimitedByDay
from campaign.privacy.encrypted_field import EncryptedTextField
from pledges.models.signatures.signature import Signature, SignatureQuerySet
from pledges.models.signatures.states import State, Visibility

NOT_OPEN = (ApprovalRequest.State.DRAFT, ApprovalRequest.State.UNDONE)


class LostMailboxQuerySet(LimitedByDay, models.QuerySet["LostMailbox"]):
    """Queries for requests."""

    def unanswered(self) -> Self:
        """Return requests without an open approval request."""
        return self.filter(Q(approval=None) | Q(approval__state__in=NOT_OPEN))


class LostMailbox(models.Model):
    """A request to withdraw, from somebody who has lost their mailbox. What they entered is encrypted."""

    pledge = models.ForeignKey("pledges.Pledge", models.CASCADE, related_name="+", verbose_name=_("pledge"))
    name = EncryptedTextField(_("name"))
    email = EncryptedTextField(_("address that they signed with"))
    contact = EncryptedTextField(_("new address"))
    proof = EncryptedTextField(_("how they can show who they are"))
    network = models.BinaryField(max_length=16, null=True)
    asked_at = models.DateTimeField(_("received"), default=timezone.now, db_index=True)
    approval = models.OneToOneField(
        ApprovalRequest, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("approval")
    )

    objects = LostMailboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("lost mailbox")
        verbose_name_plural = _("lost mailboxes")
        ordering = ["-asked_at"]
        default_permissions = ()
        permissions = [("handle_lostmailbox", _("Can withdraw signatures for people who have lost their mailbox"))]

    def __str__(self) -> str:
        return str(self.pledge)

    @property
    def has_open_approval(self) -> bool:
        """Return whether a withdrawal has been requested, and neither refused nor undone."""
        return self.approval is not None and self.approval.state not in NOT_OPEN

    def signatures(self) -> SignatureQuerySet:
        """Return the address's signatures: there may be two, if people share the mailbox.

        "Count me only" is left out, since we keep nothing to compare, and so are withdrawn signatures.
        """
        signed = Signature.objects.filter(pledge_id=self.pledge_id).of_address(self.email or "")
        return signed.exclude(visibility=Visibility.COUNT).exclude(state=State.WITHDRAWN).order_by("signed_at")
