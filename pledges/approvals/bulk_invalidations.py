"""Rejecting every signature that meets a set of conditions."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.approvals.kinds import Kind, Request, kind
from pledges.approvals.samples import sample
from pledges.models import BulkInvalidation

BULK_INVALIDATION = "pledges.bulk_invalidation"


@kind(BULK_INVALIDATION)
class BulkInvalidationKind(Kind):
    """Start a bulk invalidation, whose conditions can't be changed while the request is open."""

    label = _("Start bulk invalidation")
    warning = _(
        "They will not count, and their names will not be shown. You can undo this at any time, on its own page."
    )
    permission = "pledges.change_bulkinvalidation"
    delay = Kind.delay * 0

    def people(self, request: Request) -> int:
        return self._invalidation(request).matching().count()

    def settle(self, request: Request) -> int:
        """Lock its conditions and return how many signatures match; 0 if it isn't a draft: it can be requested once."""
        invalidation = BulkInvalidation.objects.select_for_update().get(pk=request.subject)
        return invalidation.matching().count() if invalidation.state == BulkInvalidation.State.DRAFT else 0

    def sample(self, request: Request) -> list[str]:
        return sample(self._invalidation(request).matching())

    def page(self, request: Request) -> str:
        return reverse("admin:pledges_bulkinvalidation_change", args=[request.subject])

    def hide(self, request: Request) -> None:
        """Freeze its conditions. Hide nothing: otherwise one organiser could empty a whole list."""
        self._invalidation(request).move_to(BulkInvalidation.State.AWAITING_APPROVAL, request.asked_at)

    def restore(self, request: Request) -> None:
        """Allow its conditions to be changed again."""
        self._invalidation(request).move_to(BulkInvalidation.State.DRAFT, request.asked_at)

    def act(self, request: Request) -> None:
        """Start it, for signatures made before it was requested, and for no more than were counted then."""
        invalidation = self._invalidation(request)
        invalidation.agreed_count = request.people
        invalidation.move_to(BulkInvalidation.State.RUNNING, request.asked_at)

    def _invalidation(self, request: Request) -> BulkInvalidation:
        return BulkInvalidation.objects.get(pk=request.subject)
