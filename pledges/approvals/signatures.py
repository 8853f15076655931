"""Withdrawing and rejecting signatures that an organiser has selected in the list."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.approvals.kinds import Kind, Request, kind
from pledges.approvals.samples import sample
from pledges.models import Signature, SignatureQuerySet
from pledges.models.signatures.state_changes import attributed_to

WITHDRAW = "pledges.withdraw"
REJECT = "pledges.reject"


class SelectedSignatures(Kind):
    """An action on signatures whose keys are in the payload. Confirmed ones are held for review in the meantime."""

    permission = "pledges.change_signature"
    states: tuple[str, ...]

    def signatures(self, request: Request) -> SignatureQuerySet:
        """Return the signatures that it still applies to, leaving out people who have signed again since."""
        selected = Signature.objects.filter(
            pk__in=request.payload["signatures"], confirmation_sent_at__lte=request.asked_at
        )
        return selected.filter(state__in=self.states)

    def people(self, request: Request) -> int:
        return self.signatures(request).count()

    def settle(self, request: Request) -> int:
        """Drop signatures that it no longer applies to, which nobody saw or counted; return how many are left."""
        affected = self.signatures(request).select_for_update().order_by("pk")
        request.payload["signatures"] = [str(pk) for pk in affected.values_list("pk", flat=True)]
        return len(request.payload["signatures"])

    def sample(self, request: Request) -> list[str]:
        return sample(self.signatures(request))

    def page(self, request: Request) -> str:
        return reverse("admin:pledges_signature_changelist")

    def hide(self, request: Request) -> None:
        """Hold confirmed ones for review. Their names leave the list at once; the count follows in its next step."""
        confirmed = self.signatures(request).filter(state="confirmed")
        request.payload["held"] = [str(pk) for pk in confirmed.values_list("pk", flat=True)]
        confirmed.change_state("held", request.asked_by, request.reason)

    def restore(self, request: Request) -> None:
        """Move signatures that `hide` held back to confirmed, unless their state has changed since."""
        held = Signature.objects.filter(pk__in=request.payload["held"], state="held")
        held.change_state("confirmed", request.asked_by, request.reason)


@kind(WITHDRAW)
class Withdrawal(SelectedSignatures):
    """A withdrawal, which erases personal data. Signers who have lost their link can ask an organiser to do this."""

    label = _("Withdraw signatures: erase names and addresses")
    warning = _(
        "Their names leave the list at once. After 24 hours, names and addresses are erased and cannot be recovered."
    )
    states = ("pending", "confirmed", "held", "rejected")

    def act(self, request: Request) -> None:
        """Withdraw each signature."""
        with attributed_to(request.asked_by, request.reason):
            locked = self.signatures(request).select_for_update(of=("self",)).order_by("pk")
            for signature in locked.select_related("pledge"):
                signature.withdraw()


@kind(REJECT)
class Rejection(SelectedSignatures):
    """A rejection: the signatures no longer count. They can be counted again from the list at any time."""

    label = _("Reject signatures")
    warning = _("They will not count, and their names will not be shown. You can count them again later.")
    delay = Kind.delay * 0
    states = ("confirmed", "held")

    def act(self, request: Request) -> None:
        """Reject the signatures."""
        self.signatures(request).change_state("rejected", request.asked_by, request.reason)
