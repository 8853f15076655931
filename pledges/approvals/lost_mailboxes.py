"""Withdrawing a signature for somebody who has lost the mailbox that they signed with."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.approvals.kinds import Request, kind
from pledges.approvals.samples import sample
from pledges.approvals.signatures import Withdrawal
from pledges.models import LostMailbox, Signature, SignatureQuerySet
from pledges.signer_names import name_hash

LOST_MAILBOX = "pledges.lost_mailbox"


@kind(LOST_MAILBOX)
class LostMailboxWithdrawal(Withdrawal):
    """A withdrawal like any other, except that two organisers must agree that the person is the signer."""

    label = _("Withdraw for somebody who has lost their mailbox")
    warning = _(
        "The name leaves the list at once. After 24 hours, the name and address are erased and cannot be recovered. "
        "Agree only if you are sure that this person is the signer."
    )
    nobody = _(
        "No signature can be withdrawn in this way. Either this address has not signed, or it signed with "
        "“Count me only”, so we hold nothing to check a request against. Don’t tell the person which."
    )
    permission = "pledges.handle_lostmailbox"
    always_second = True

    def signatures(self, request: Request) -> SignatureQuerySet:
        """Return the signature, unless its signer has changed to "count me only" since."""
        return super().signatures(request).exclude(visibility=Signature.Visibility.COUNT)

    def sample(self, request: Request) -> list[str]:
        """Return a line about the signature, and one that compares its name with the name in the request."""
        lost = LostMailbox.objects.filter(pk=request.subject).first()
        lines = sample(self.signatures(request))
        if not lines or lost is None or not lost.name:
            return lines
        if self.signatures(request).exclude(sealed_name=None).exists():
            compared = gettext("Name in the request: %(name)s (can’t be compared: the signature’s name is sealed)")
        elif self.signatures(request).filter(name_hash=name_hash(lost.name)).exists():
            compared = gettext("Name in the request: %(name)s (the same)")
        else:
            compared = gettext("Name in the request: %(name)s (different)")
        return [*lines, compared % {"name": lost.name}]

    def page(self, request: Request) -> str:
        return reverse("admin:pledges_lostmailbox_change", args=[request.subject])

    def act(self, request: Request) -> None:
        """Withdraw the signature, and delete what the person told us."""
        super().act(request)
        LostMailbox.objects.filter(pk=request.subject).delete()
