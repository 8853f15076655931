"""Gifts made on this site: what was asked for, and what Stripe says became of it."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Self

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from actions.fundraising.models.funds import MIN_PENCE, Fund
from actions.fundraising.models.statuses import SUBSCRIPTION, PaymentStatus
from campaign.money import pounds
from campaign.privacy.encrypted_field import EncryptedTextField

MAX_MONTHS = 1200
HAS_WORDS = Q(public_name__isnull=False) | Q(in_memory_of__isnull=False)


class DonationQuerySet(models.QuerySet["Donation"]):
    """Questions about gifts."""

    def real(self) -> Self:
        """Without those made in Stripe's test mode."""
        return self.filter(is_live=True)

    def started_since(self, network: bytes | None, since: datetime) -> Self:
        """Those begun since then (aware), from a network, or from anywhere for None."""
        begun = self.filter(created_at__gt=since)
        return begun.filter(network=network) if network else begun

    def retained(self) -> Self:
        """Real ones that were paid, and not wholly given back or disputed."""
        paid = self.model.objects.filter(pk=models.OuterRef("pk"), payments__net_pence__gt=0)
        return self.real().filter(models.Exists(paid))

    def shown(self) -> Self:
        """Kept ones, which the organisers let be seen, the newest first."""
        return self.retained().filter(is_shown=True).order_by("-created_at")

    def showable(self) -> Self:
        """Kept ones with a name to show, or somebody to remember."""
        return self.retained().filter(HAS_WORDS)

    def set_shown(self, is_shown: bool) -> Sequence["Donation"]:
        """Show those of them that can be shown, or hide them; the ones that this changed, without their words."""
        wanted = (self.showable() if is_shown else self).exclude(is_shown=is_shown)
        with transaction.atomic():
            changed = list(wanted.select_for_update(of=("self",)).only("amount_pence", "fee_pence", "fund_id"))
            Donation.objects.filter(pk__in=[one.pk for one in changed]).update(is_shown=is_shown)
        return changed

    def with_net(self) -> Self:
        """Each with `net_pence`: what is left of all that was paid for it."""
        mine = self.model.objects.filter(pk=models.OuterRef("pk")).order_by().values("pk")
        total = mine.annotate(total=models.Sum("payments__net_pence")).values("total")
        return self.annotate(net_pence=Coalesce(models.Subquery(total), 0))


class Donation(models.Model):
    """A gift as its donor chose it, once or each month, and the Stripe Checkout Session in which it is paid.

    What was chosen never changes. `parameters` is the request to Stripe, word for word: sent again, with the same
    idempotency key, it gives the same session, so that no form can charge twice.
    """

    class Session(models.TextChoices):
        """Statuses of https://docs.stripe.com/api/checkout/sessions/object, and ours before there is one."""

        NEW = "", _("not begun")
        OPEN = "open", _("open")
        COMPLETE = "complete", _("complete")
        EXPIRED = "expired", _("expired")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.UUIDField(_("form"), editable=False)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="donations", verbose_name=_("fund"))
    amount_pence = models.PositiveIntegerField(_("gift in pence"))
    fee_pence = models.PositiveIntegerField(_("fee added, in pence"), default=0)
    is_monthly = models.BooleanField(_("monthly"), default=False)
    is_live = models.BooleanField(_("real money"))
    public_name = EncryptedTextField(_("name to show"))
    in_memory_of = EncryptedTextField(_("in memory of"))
    is_shown = models.BooleanField(_("shown in public"), default=False)
    parameters = models.JSONField(_("request to Stripe"), editable=False)
    created_at = models.DateTimeField(_("begun"))
    network = models.BinaryField(max_length=16, null=True, editable=False)

    session_id = models.CharField(_("session at Stripe"), max_length=255, blank=True)
    session_status = models.CharField(_("session"), max_length=8, choices=Session, blank=True)
    checked_at = models.DateTimeField(_("last asked about"), null=True)
    customer_id = models.CharField(_("customer"), max_length=255, blank=True)
    subscription_id = models.CharField(_("monthly gift at Stripe"), max_length=255, blank=True)
    subscription_status = models.CharField(
        _("state of the monthly gift"), max_length=30, choices=SUBSCRIPTION, blank=True
    )
    donor_name = EncryptedTextField(_("donor"))
    donor_email = EncryptedTextField(_("e-mail address"))
    donor_hash = models.BinaryField(max_length=32, null=True, editable=False)
    net_pence: int  # by `with_net`

    objects = DonationQuerySet.as_manager()

    class Meta:
        verbose_name = _("donation")
        verbose_name_plural = _("donations")
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
                fields=["-created_at"], condition=Q(HAS_WORDS, is_live=True, is_shown=False), name="donations_to_read"
            ),
        ]

    def __str__(self) -> str:
        return f"{pounds(self.total_pence)} ({str(self.pk)[:8]})"

    def get_absolute_url(self) -> str:
        return reverse("fundraising:thanks", args=[self.pk])

    @property
    def total_pence(self) -> int:
        """What is charged, each month if it is monthly."""
        return self.amount_pence + self.fee_pence

    def outcome(self) -> str:
        """What became of it, as far as we know: "paid", "pending", "open", "failed" or "expired"."""
        statuses = set(self.payments.values_list("status", flat=True)[:MAX_MONTHS])
        for status in (PaymentStatus.PAID, PaymentStatus.PENDING):
            if status in statuses:
                return status.value
        if self.session_status == self.Session.EXPIRED:
            return "expired"
        if statuses:
            return "failed"
        return "pending" if self.session_status == self.Session.COMPLETE else "open"
