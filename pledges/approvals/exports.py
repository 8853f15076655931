"""Exporting a list of signers."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.approvals.kinds import Kind, Request, kind
from pledges.approvals.samples import sample
from pledges.models import Export

EXPORT = "pledges.export"


@kind(EXPORT)
class ExportKind(Kind):
    """An export, which its requester can download for a day after a second organiser has approved it."""

    label = _("Export signatures")
    warning = _("Once a list has been downloaded, you cannot get it back.")
    permission = "pledges.export_signature"
    delay = Kind.delay * 0
    always_second = True

    def people(self, request: Request) -> int:
        return self._export(request).signatures().count()

    def sample(self, request: Request) -> list[str]:
        return sample(self._export(request).signatures())

    def page(self, request: Request) -> str:
        return reverse("admin:pledges_export_change", args=[request.subject])

    def act(self, request: Request) -> None:
        """Do nothing more: the export can be downloaded once its request is done."""

    def _export(self, request: Request) -> Export:
        return Export.objects.select_related("pledge").get(pk=request.subject)
