"""Rejecting every signature that meets a set of conditions."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.approvals.kinds import Kind, Request, kind
from pledges.approvals.samples import sample
from pledges.models import BulkInvalidation

BULK_INVALIDATION = "pledges.bulk_invalidation"


@kind(BULK_INVALIDATION)
class BulkInvalidationKind(Kind):
    """The start of a bulk invalidation. Its conditions can't be changed while the request is open."""

    label = _("Start bulk invalidation")
    warning = _(
        "They will not count, and their names will not be shown. You can undo this at any time, "
        "on the bulk invalidation’s page."
    )
    permission = "pledges.change_bulkinvalidation"
    delay = Kind.delay * 0

    def people(self, request: Request) -> int:
        return self._invalidation(request).matching().count()

    def settle(self, request: Request) -> int:
        """Lock the invalidation and return how many signatures match, or 0 if it is no longer a draft."""
        invalidation = BulkInvalidation.objects.select_for_update().get(pk=request.subject)
        return invalidation.matching().count() if invalidation.state == BulkInvalidation.State.DRAFT else 0

    def sample(self, request: Request) -> list[str]:
        return sample(self._invalidation(request).matching())

    def page(self, request: Request) -> str:
        return reverse("admin:pledges_bulkinvalidation_change", args=[request.subject])

    def hide(self, request: Request) -> None:
        """Freeze the conditions but hide nothing: otherwise one organiser could empty a whole list."""
        self._invalidation(request).move_to(BulkInvalidation.State.AWAITING_APPROVAL, request.asked_at)

    def restore(self, request: Request) -> None:
        """Make the conditions editable again."""
        self._invalidation(request).move_to(BulkInvalidation.State.DRAFT, request.asked_at)

    def act(self, request: Request) -> None:
        """Start it, limited to signatures made before the request and to the number counted then."""
        invalidation = self._invalidation(request)
        invalidation.agreed_count = request.people
        invalidation.move_to(BulkInvalidation.State.RUNNING, request.asked_at)

    def _invalidation(self, request: Request) -> BulkInvalidation:
        return BulkInvalidation.objects.get(pk=request.subject)
