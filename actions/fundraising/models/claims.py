"""Gift Aid claims: which payments can be claimed, which claim each is in, and what was over-claimed."""

from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from actions.fundraising.models.declarations import Declaration, DeclarationQuerySet
from actions.fundraising.models.donations import Donation
from actions.fundraising.models.payments import Payment, PaymentQuerySet
from actions.fundraising.models.refunds import Dispute
from campaign.db import Lock, lock

MAX_PAYMENTS = 1000  # as many as HMRC's schedule can hold: see `gift_aid.hmrc_schedule`
FOUR_YEARS = timedelta(days=4 * 365 + 1)


def claimable(now: datetime) -> PaymentQuerySet:
    """Return payments that can be claimed at `now` (aware), oldest first, with `declared_by`, a declaration's key.

    They are real payments in pounds, made in the last four years, not refunded in full, without an open or lost
    dispute, not claimed yet, and declared for their fund's charity: with the donation itself, or in a declaration for
    all donations that the same donor made at most four years later. `net_pence` is what can be claimed.

    After a refund, the rest of the gift is claimed: the tax is worked out on "the amount of the Gift Aid donations
    received" (HMRC, Charities: detailed guidance notes, 6.1.3), and a qualifying donation is "a payment of a sum of
    money" that is "not subject to any condition as to repayment" (Income Tax Act 2007, section 416(2) and (3)). So
    refunded money is never claimed. Nor is any of a disputed payment: the bank may say that the donor didn't make it.
    """
    kept = Payment.objects.counted().filter(currency="gbp", net_pence__gt=0)
    unclaimed = kept.filter(paid_at__gt=now - FOUR_YEARS, claim_line=None)
    undisputed = unclaimed.exclude(Exists(Dispute.objects.deducted().filter(payment=OuterRef("pk"))))
    return undisputed.declared(declaration_key()).order_by("paid_at", "pk")


def declaration_key() -> Coalesce:
    """Return an expression for the key of a payment's declaration, or NULL.

    The declaration is the one that the payment was claimed under, or else the donation's own, or else another by the
    same donor.
    """
    own, other = _valid_declarations().filter(donation=OuterRef("donation")), _by_same_donor()
    return Coalesce(F("claim_line__declaration"), Subquery(own.values("pk")[:1]), Subquery(other.values("pk")[:1]))


def declaration_of(payments: PaymentQuerySet) -> UUID | None:
    """Return the key of the declaration for the newest payment that has one, or None if no payment has one."""
    covered = payments.declared(declaration_key()).first()
    return covered.declared_by if covered else None


def payments_under(declaration: Declaration, limit: int) -> PaymentQuerySet:
    """Return a declaration's payments, newest first, all in one mode, live or test.

    They are those of its own donation, and up to `limit` others by the same donor that it covers.
    """
    donor = Q(donation__donor_hash=declaration.donation.donor_hash, donation__donor_hash__isnull=False)
    covered = Payment.objects.filter(donor).declared(declaration_key()).filter(Q(declared_by=declaration.pk))
    keys = list(covered.order_by("-created_at").values_list("pk", flat=True)[:limit])
    payments = Payment.objects.filter(Q(donation=declaration.donation_id) | Q(pk__in=keys))
    return payments.select_related("claim_line").order_by("-created_at")


def tax_on(pence: int) -> int:
    """Return the tax in pence on donations of `pence`, rounded up: £2.50 on £10.

    It is 20/80 of the donations at the basic rate of 20% (HMRC, Charities: detailed guidance notes, 6.1.3).
    """
    return -(-pence // 4)


def _valid_declarations() -> DeclarationQuerySet:
    """Return declarations for the charity of the outer query's payment that were not cancelled before it."""
    for_charity = Declaration.objects.readable().filter(charity_name=OuterRef("fund__charity_name"))
    return for_charity.filter(Q(cancelled_at=None) | Q(cancelled_at__gt=OuterRef("paid_at")))


def _by_same_donor() -> DeclarationQuerySet:
    """Return declarations for all donations that the payment's donor made with another paid donation, newest first.

    Test declarations cover only test payments, and real declarations only real payments.
    """
    same_donor = _valid_declarations().filter(
        scope=Declaration.Scope.ALL,
        donation__donor_hash=OuterRef("donation__donor_hash"),
        donation__is_live=OuterRef("is_live"),
        donation__session_status=Donation.Session.COMPLETE,
    )
    return same_donor.filter(made_at__lte=OuterRef("paid_at") + FOUR_YEARS).order_by("-made_at", "pk")


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Queries for claims, and the making of one."""

    def make(self, charity: str, user: User, now: datetime) -> "Claim | None":
        """Create a claim of a charity's oldest claimable payments, MAX_PAYMENTS at most; return None if there are none.

        If two organisers do this at once, the second waits and gets the payments that the first has left.
        """
        with transaction.atomic():
            lock(Lock.CLAIM)
            waiting = claimable(now).filter(fund__charity_name=charity).only("net_pence")
            payments = list(waiting[:MAX_PAYMENTS])
            if not payments:
                return None
            claim = self.create(charity_name=charity, made_by=user, made_at=now)
            ClaimLine.objects.bulk_create(
                ClaimLine(claim=claim, payment=one, claimed_pence=one.net_pence, declaration_id=one.declared_by)
                for one in payments
            )
            return claim

    def with_sums(self) -> Self:
        """Annotate each with `count`, its number of payments, and `pence`, their total."""
        return self.annotate(count=models.Count("lines"), pence=Coalesce(models.Sum("lines__claimed_pence"), 0))


class Claim(models.Model):
    """A list of declared payments to claim from HMRC, for one charity."""

    charity_name = models.CharField(_("charity"), max_length=160)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("made by")
    )
    sent_at = models.DateTimeField(_("sent to HMRC"), null=True)
    downloads = models.PositiveIntegerField(_("downloads"), default=0)
    count: int  # set by `with_sums`
    pence: int  # set by `with_sums`

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("Gift Aid claim")
        verbose_name_plural = _("Gift Aid claims")
        ordering = ["-pk"]
        permissions = [("claim_gift_aid", _("Can claim Gift Aid, and see the names and addresses in declarations"))]

    def __str__(self) -> str:
        return f"{self.charity_name} {self.made_at:%Y-%m-%d}"

    def begin_download(self) -> None:
        """Count a download. Before the first, remove payments that have since been refunded or disputed.

        HMRC hasn't seen them, and what is left of a refunded payment can go in the next claim.
        """
        with transaction.atomic():
            locked = Claim.objects.select_for_update().get(pk=self.pk)
            if locked.downloads == 0 and locked.sent_at is None:
                self.lines.over_claimed().delete()
            Claim.objects.filter(pk=self.pk).update(downloads=F("downloads") + 1)

    def over_claimed_tax_pence(self) -> int:
        """Return the tax in pence on over-claims in the charity's other claims that have to be reported to HMRC."""
        others = ClaimLine.objects.filter(claim__charity_name=self.charity_name).exclude(claim=self)
        return tax_on(others.over_claimed_total())

    def mark_sent(self, now: datetime) -> None:
        """Record when the claim was sent to HMRC; later calls change nothing."""
        Claim.objects.filter(pk=self.pk, sent_at=None).update(sent_at=now)


class ClaimLineQuerySet(models.QuerySet["ClaimLine"]):
    """Queries for claimed payments."""

    def over_claimed(self) -> Self:
        """Return lines claimed for more than is left of the payment, unless that was reported to HMRC."""
        return self.filter(payment__net_pence__lt=F("claimed_pence") - F("reported_pence"))

    def to_report(self) -> Self:
        """Return over-claims in claims that HMRC may have seen. Others are removed when their claim is downloaded."""
        return self.over_claimed().filter(Q(claim__downloads__gt=0) | Q(claim__sent_at__isnull=False))

    def over_claimed_total(self) -> int:
        """Return the total in pence of over-claims that have to be reported to HMRC."""
        excess = F("claimed_pence") - F("reported_pence") - F("payment__net_pence")
        return self.to_report().aggregate(total=models.Sum(excess))["total"] or 0

    def mark_reported(self, now: datetime) -> int:
        """Record that every over-claim in these lines was reported to HMRC; return how many lines that changed."""
        excess = F("claimed_pence") - Subquery(Payment.objects.filter(pk=OuterRef("payment")).values("net_pence"))
        return self.to_report().update(reported_pence=excess, reported_at=now)


class ClaimLine(models.Model):
    """One payment in a claim. A payment is never in two claims."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="lines", verbose_name=_("claim"))
    payment = models.OneToOneField(Payment, models.PROTECT, related_name="claim_line", verbose_name=_("payment"))
    declaration = models.ForeignKey(
        Declaration, models.PROTECT, related_name="claim_lines", verbose_name=_("declaration")
    )
    claimed_pence = models.PositiveIntegerField(_("claimed amount in pence"))
    reported_pence = models.PositiveIntegerField(_("amount reported to HMRC, in pence"), default=0)
    reported_at = models.DateTimeField(_("reported to HMRC"), null=True)

    objects = ClaimLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("claimed payment")
        verbose_name_plural = _("claimed payments")
        constraints = [
            models.CheckConstraint(condition=Q(reported_pence__lte=F("claimed_pence")), name="reported_at_most_claimed")
        ]

    def __str__(self) -> str:
        return str(self.payment_id)

    @property
    def over_claimed_pence(self) -> int:
        """Return the over-claimed amount in pence that has not been reported to HMRC yet."""
        return max(0, self.claimed_pence - self.reported_pence - self.payment.net_pence)


class OverClaim(ClaimLine):
    """A claimed payment in the admin's list of over-claims."""

    class Meta:
        proxy = True
        verbose_name = _("Gift Aid over-claim")
        verbose_name_plural = _("Gift Aid over-claims")
