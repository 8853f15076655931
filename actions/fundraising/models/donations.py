"""Donations made on this site: what the donor chose, and what became of it according to Stripe."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Self

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from actions.fundraising.models.funds import MIN_PENCE, DonationSettings, Fund
from actions.fundraising.models.statuses import DEDUCTED_DISPUTES, DEDUCTED_REFUNDS, SUBSCRIPTION, PaymentStatus
from campaign.money import pounds
from campaign.privacy.encrypted_field import EncryptedTextField
from campaign.public_names.models import NAMES_HIDDEN

MAX_MONTHS = 1200
MAX_SESSIONS = 100  # of one form
HAS_NAME_OR_DEDICATION = Q(public_name__isnull=False) | Q(in_memory_of__isnull=False)


class DonationQuerySet(models.QuerySet["Donation"]):
    """Queries for donations."""

    def real(self) -> Self:
        """Leave out donations made in Stripe's test mode."""
        return self.filter(is_live=True)

    def started_since(self, network: bytes | None, since: datetime) -> Self:
        """Return donations started after `since` (aware) from a network, or from anywhere if it is None."""
        started = self.filter(created_at__gt=since)
        return started.filter(network=network) if network else started

    def open_but_stopped(self) -> Self:
        """Return donations whose payment page may be open although the site or the fund no longer takes donations."""
        still_open = self.filter(session_status="open")
        if not DonationSettings.current().is_open:
            return still_open
        return still_open.exclude(fund__in=Fund.objects.open_for_donations())

    def is_unpaid(self, form: uuid.UUID) -> bool:
        """Return whether a form has a payment page that may still be open, and no completed payment."""
        statuses = set(self.filter(form=form).values_list("session_status", flat=True)[:MAX_SESSIONS])
        unpaid = {self.model.Session.NEW, self.model.Session.OPEN}
        return bool(statuses & unpaid) and self.model.Session.COMPLETE not in statuses

    def retained(self) -> Self:
        """Return real donations that were paid and not refunded or disputed in full."""
        paid = self.model.objects.filter(pk=models.OuterRef("pk"), payments__net_pence__gt=0)
        return self.real().filter(models.Exists(paid))

    def shown(self) -> Self:
        """Return the retained donations that organisers chose to show, newest first, or none while names are hidden."""
        return self.retained().filter(~NAMES_HIDDEN, is_shown=True).order_by("-created_at")

    def showable(self) -> Self:
        """Return retained donations with a name or a dedication to show."""
        return self.retained().filter(HAS_NAME_OR_DEDICATION)

    def set_shown(self, is_shown: bool) -> Sequence["Donation"]:
        """Show the donations that can be shown, or hide all; return the changed ones, without name or dedication."""
        to_change = (self.showable() if is_shown else self).exclude(is_shown=is_shown)
        with transaction.atomic():
            changed = list(to_change.select_for_update(of=("self",)).only("amount_pence", "fee_pence", "fund_id"))
            Donation.objects.filter(pk__in=[donation.pk for donation in changed]).update(is_shown=is_shown)
        return changed

    def with_net(self) -> Self:
        """Annotate each with `net_pence`, the net total of its payments."""
        same = self.model.objects.filter(pk=models.OuterRef("pk")).order_by().values("pk")
        total = same.annotate(total=models.Sum("payments__net_pence")).values("total")
        return self.annotate(net_pence=Coalesce(models.Subquery(total), 0))


class Donation(models.Model):
    """A donation as its donor chose it, single or monthly, and the Stripe Checkout Session in which it is paid.

    The donor's choice never changes. `parameters` is the exact request to Stripe: sent again with the same idempotency
    key, it returns the same session, so that no form can charge twice.
    """

    class Session(models.TextChoices):
        """Statuses from https://docs.stripe.com/api/checkout/sessions/object, and one for before there is a session."""

        NEW = "", _("not opened")
        OPEN = "open", _("open, not paid yet")
        COMPLETE = "complete", _("completed by the donor")
        EXPIRED = "expired", _("closed without a payment")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.UUIDField(_("form"), editable=False)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="donations", verbose_name=_("fund"))
    amount_pence = models.PositiveIntegerField(_("amount in pence"))
    fee_pence = models.PositiveIntegerField(_("added fee in pence"), default=0)
    is_monthly = models.BooleanField(_("monthly"), default=False)
    is_live = models.BooleanField(_("real money"))
    public_name = EncryptedTextField(_("name to show"))
    in_memory_of = EncryptedTextField(_("in memory of"))
    is_shown = models.BooleanField(_("shown in public"), default=False)
    parameters = models.JSONField(_("request to Stripe"), editable=False)
    created_at = models.DateTimeField(_("started"))
    network = models.BinaryField(max_length=16, null=True, editable=False)

    session_id = models.CharField(_("Stripe payment page ID"), max_length=255, blank=True)
    session_status = models.CharField(_("payment page"), max_length=8, choices=Session, blank=True)
    checked_at = models.DateTimeField(_("last checked"), null=True)
    customer_id = models.CharField(_("Stripe customer"), max_length=255, blank=True)
    subscription_id = models.CharField(_("Stripe subscription ID"), max_length=255, blank=True)
    subscription_status = models.CharField(_("monthly donation"), max_length=30, choices=SUBSCRIPTION, blank=True)
    donor_name = EncryptedTextField(_("donor’s name"))
    donor_email = EncryptedTextField(_("e-mail address"))
    donor_hash = models.BinaryField(max_length=32, null=True, editable=False)
    net_pence: int  # set by `with_net`

    objects = DonationQuerySet.as_manager()

    class Meta:
        verbose_name = _("donation")
        verbose_name_plural = _("donations")
        permissions = [("find_donor", _("Can look up by e-mail address whether somebody has donated"))]
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_pence__gte=MIN_PENCE), name="min_donation"),
            models.UniqueConstraint(fields=["session_id"], condition=~Q(session_id=""), name="one_donation_a_session"),
            models.UniqueConstraint(
                fields=["subscription_id"], condition=~Q(subscription_id=""), name="one_donation_a_subscription"
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at"], name="donations_newest"),
            models.Index(fields=["form"], name="donations_of_a_form"),
            models.Index(fields=["network", "created_at"], name="donations_of_a_network"),
            models.Index(fields=["donor_hash"], name="donations_of_a_donor"),
            models.Index(fields=["created_at"], condition=Q(session_status__in=["", "open"]), name="donations_open"),
            models.Index(fields=["fund", "-created_at"], condition=Q(is_shown=True), name="donations_shown"),
            models.Index(fields=["checked_at"], condition=Q(session_status="expired"), name="donations_expired"),
            models.Index(fields=["fund"], condition=Q(is_live=True) & ~Q(subscription_id=""), name="donations_monthly"),
            models.Index(
                fields=["-created_at"],
                condition=Q(HAS_NAME_OR_DEDICATION, is_live=True, is_shown=False),
                name="donations_to_read",
            ),
        ]

    def __str__(self) -> str:
        return f"{pounds(self.total_pence)} ({str(self.pk)[:8]})"

    def get_absolute_url(self) -> str:
        return reverse("fundraising:thanks", args=[self.pk])

    @property
    def total_pence(self) -> int:
        """Return the amount charged, each month if it is monthly."""
        return self.amount_pence + self.fee_pence

    def outcome(self) -> str:
        """Return the donation's outcome, as far as we know.

        It is "paid", "pending", "open", "failed" or "expired"; or "refunded" or "disputed" if nothing is left of it.
        """
        payments = self.payments.values_list("status", "net_pence")[:MAX_MONTHS]
        statuses, net_pence = {status for status, _net in payments}, sum(net for _status, net in payments)
        if PaymentStatus.PAID in statuses and not net_pence:
            return self._lost_to()
        for status in (PaymentStatus.PAID, PaymentStatus.PENDING):
            if status in statuses:
                return status.value
        if self.session_status == self.Session.EXPIRED:
            return "expired"
        if statuses:
            return "failed"
        return "pending" if self.session_status == self.Session.COMPLETE else "open"

    def _lost_to(self) -> str:
        """Return why nothing is left: "disputed" or "refunded", or "paid" if the payments are in another currency."""
        if self.payments.filter(disputes__status__in=DEDUCTED_DISPUTES).exists():
            return "disputed"
        return "refunded" if self.payments.filter(refunds__status__in=DEDUCTED_REFUNDS).exists() else "paid"
