"""Notices to the treasurer, and sometimes to the donor, about what has happened to a payment."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from actions.fundraising.models.claims import ClaimLine
from actions.fundraising.models.donations import Donation
from actions.fundraising.models.payments import Payment
from actions.fundraising.models.refunds import Dispute, Refund
from actions.fundraising.models.statuses import DEDUCTED_REFUNDS, FAILED_REFUNDS, PaymentStatus
from campaign.mail.models import Message

TO_DONOR = "fundraising.notice_to_donor"
TO_TREASURER = "fundraising.notice_to_treasurer"
# Ignore earlier events, so that the first comparison after an upgrade doesn't announce every refund ever made.
RECENT = timedelta(days=30)


class NoticeKind(models.TextChoices):
    """The kind of event that a notice reports."""

    FAILED = "failed", _("payment failed")
    REFUND = "refund", _("refund")
    REFUND_FAILED = "unsent", _("refund failed")
    INQUIRY = "inquiry", _("question from a bank")
    DISPUTE = "dispute", _("dispute")
    LOST = "lost", _("lost dispute")
    OVER_CLAIM = "claim", _("Gift Aid over-claim")


REFUNDS = dict.fromkeys(DEDUCTED_REFUNDS, NoticeKind.REFUND) | dict.fromkeys(FAILED_REFUNDS, NoticeKind.REFUND_FAILED)
DISPUTES = {
    "warning_needs_response": NoticeKind.INQUIRY,
    "needs_response": NoticeKind.DISPUTE,
    "lost": NoticeKind.LOST,
}
FOR_DONORS = {NoticeKind.FAILED, NoticeKind.REFUND}


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Queries for notices, and methods that create them."""

    def give_due(self, payment: Payment, now: datetime) -> None:
        """Create each notice that a payment's state calls for at `now` (aware), unless it has been given already."""
        recent = now - RECENT
        was_promised = payment.donation.session_status == Donation.Session.COMPLETE
        if payment.status == PaymentStatus.FAILED and was_promised and payment.created_at > recent:
            self.give(NoticeKind.FAILED, payment, "", now)
        for refund in payment.refunds.filter(created_at__gt=recent):
            self._give_by_status(REFUNDS, payment, refund, now)
        for dispute in payment.disputes.filter(Q(created_at__gt=recent) | ~Q(status="lost")):
            self._give_by_status(DISPUTES, payment, dispute, now)
        if ClaimLine.objects.to_report().filter(payment=payment).exists():
            self.give(NoticeKind.OVER_CLAIM, payment, str(payment.net_pence), now)

    def _give_by_status(
        self, kinds: dict[str, NoticeKind], payment: Payment, reversal: Refund | Dispute, now: datetime
    ) -> None:
        if reversal.status in kinds:
            self.give(kinds[reversal.status], payment, reversal.pk, now)

    def give(self, kind: NoticeKind, payment: Payment, about: str, now: datetime) -> None:
        """Store a notice and queue its messages in the caller's transaction, unless it is stored already.

        `about` distinguishes notices of the same kind about one payment: the ID of a refund or dispute, or an amount.
        """
        notice, is_new = self.get_or_create(kind=kind, payment=payment, about=about, defaults={"created_at": now})
        if is_new:
            kinds = [TO_TREASURER, TO_DONOR] if kind in FOR_DONORS else [TO_TREASURER]
            Message.objects.bulk_create([Message(kind=one, object_id=notice.pk, due_at=now) for one in kinds])


class Notice(models.Model):
    """A record of one event after a payment was started, reported only once. Its messages refer to it."""

    Kind = NoticeKind

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=7, choices=NoticeKind)
    payment = models.ForeignKey(Payment, models.CASCADE, related_name="notices", verbose_name=_("payment"))
    about = models.CharField(_("about"), max_length=255, blank=True)
    created_at = models.DateTimeField(_("noticed"), db_index=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [models.UniqueConstraint("payment", "kind", "about", name="one_notice_of_each_event")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.payment_id}"
