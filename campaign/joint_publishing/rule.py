"""The rule that the editor follows: some kinds of content need a second organiser's approval."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.approvals.models import ApprovalRequest
from campaign.joint_publishing.approvals import PUBLISH, subject_of
from campaign.joint_publishing.models import JointKind
from campaign.versions.versioned import Versioned


class RequestsApproval:
    """Requests for approval to publish. See `campaign.editing.joint.JointPublishing`."""

    def applies_to(self, row: Versioned) -> bool:
        return row.published_by_two or JointKind.objects.filter(model=row._meta.label_lower).exists()

    def request_about(self, row: Versioned) -> str:
        request = ApprovalRequest.objects.open_about(PUBLISH, subject_of(row)).first()
        return reverse("admin:approvals_approvalrequest_change", args=[request.pk]) if request else ""

    @transaction.atomic
    def ask(
        self,
        row: Versioned,
        by: User,
        answers: dict[str, Any],
        live_at: datetime | None,
        expires_at: datetime | None,
        note: str,
    ) -> None:
        kept = row.keep(by, _("Waiting for approval"))
        request = ApprovalRequest.draft(
            PUBLISH,
            by,
            about=kept.title,
            subject=subject_of(row),
            number=kept.number,
            answers=answers,
            live_at=live_at.isoformat() if live_at else None,
            expires_at=expires_at.isoformat() if expires_at else None,
        )
        request.submit(1, note, timezone.now())
