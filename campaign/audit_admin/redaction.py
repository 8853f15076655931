"""Redacting an entry of the audit log, because of a court order or because it names somebody that it shouldn't."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.approvals.kinds import Kind, Request, kind
from campaign.audit.models import AuditEntry

REDACT = "audit.redact"


@kind(REDACT)
class Redaction(Kind):
    """The removal of organiser, object and details from one entry. The act, its time, the reason and the hash stay."""

    label = _("Redact an entry of the audit log")
    warning = _(
        "The entry’s organiser, object and details are removed, and cannot be recovered. Its date, its act, its hash "
        "and your reason are kept."
    )
    nobody = _("This entry has already been redacted.")
    permission = "audit.redact_auditentry"
    always_second = True
    counts_people = False

    def people(self, request: Request) -> int:
        """Return 1, or 0 if the entry has already been redacted."""
        return AuditEntry.objects.filter(pk=request.subject, redacted_at=None).count()

    def sample(self, request: Request) -> list[str]:
        entry = AuditEntry.objects.filter(pk=request.subject).first()
        if entry is None:
            return []
        at = timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M")
        return [" · ".join(filter(None, (at, entry.actor_name, entry.act_in_words, entry.title)))]

    def page(self, request: Request) -> str:
        return reverse("admin:audit_auditentry_change", args=[request.subject])

    def act(self, request: Request) -> None:
        AuditEntry.objects.get(pk=request.subject).redact(request.reason, request.pk, timezone.now())
