"""Erasing the signers of a pledge, some months after it has closed."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.approvals.kinds import Kind, Request, kind
from pledges.approvals.samples import sample
from pledges.models import Pledge, Signature, SignatureQuerySet

ERASE_SIGNERS = "pledges.erase_signers"


@kind(ERASE_SIGNERS)
class ErasureKind(Kind):
    """The erasure of a closed pledge's names and addresses, once it is due. The count stays."""

    label = _("Erase the signers’ names and addresses")
    warning = _(
        "The names and addresses of everybody who signed are erased and cannot be recovered. The count is kept."
    )
    permission = "pledges.erase_signers"
    always_second = True

    def people(self, request: Request) -> int:
        return self._known_signers(request).count()

    def sample(self, request: Request) -> list[str]:
        return sample(self._known_signers(request))

    def page(self, request: Request) -> str:
        return reverse("admin:pledges_pledge_change", args=[request.subject])

    def acts_at(self, request: Request, agreed_at: datetime) -> datetime:
        """Return when the erasure is due, or 24 hours after the second organiser agreed, whichever is later."""
        pledge = self._pledge(request)
        due = pledge.erasure_due_at if pledge else None
        undoable_until = super().acts_at(request, agreed_at)
        return max(undoable_until, due) if due else undoable_until

    def act(self, request: Request) -> None:
        """Erase the signers, unless the pledge has been reopened or, having no signers, deleted since."""
        pledge = self._pledge(request)
        if pledge and pledge.has_closed:
            pledge.erase_signers()

    def _pledge(self, request: Request) -> Pledge | None:
        return Pledge.objects.filter(pk=request.subject).first()

    def _known_signers(self, request: Request) -> SignatureQuerySet:
        return Signature.objects.filter(pledge_id=request.subject).known()
