"""Claims of Gift Aid: which payments may be claimed, in what file they were, and what was claimed too much."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from actions.fundraising.models.declarations import Declaration, DeclarationQuerySet
from actions.fundraising.models.donations import Donation
from actions.fundraising.models.payments import Payment, PaymentQuerySet
from campaign.db import Lock, lock

MAX_PAYMENTS = 1000  # as many as HMRC's schedule takes: see `gift_aid.hmrc_schedule`
FOUR_YEARS = timedelta(days=4 * 365 + 1)


def claimable(now: datetime) -> PaymentQuerySet:
    """Payments that may be claimed at `now` (aware), the oldest first: each with `declared_by`, a key.

    Real pounds, paid in the last four years, whole (nothing refunded or disputed), in no claim, and declared for the
    charity of their fund: with the gift itself, or by the same donor for all gifts, at most four years afterwards.
    """
    whole = Payment.objects.counted().filter(currency="gbp", net_pence=F("amount_pence"), net_pence__gt=0)
    unclaimed = whole.filter(paid_at__gt=now - FOUR_YEARS, claim_line=None)
    own, other = _standing().filter(donation=OuterRef("donation")), _by_same_donor()
    key = Coalesce(Subquery(own.values("pk")[:1]), Subquery(other.values("pk")[:1]))
    return unclaimed.declared(key).order_by("paid_at", "pk")


def _standing() -> DeclarationQuerySet:
    """Declarations for the charity that a payment went to, not cancelled before it."""
    for_charity = Declaration.objects.readable().filter(charity_name=OuterRef("fund__charity_name"))
    return for_charity.filter(Q(cancelled_at=None) | Q(cancelled_at__gt=OuterRef("paid_at")))


def _by_same_donor() -> DeclarationQuerySet:
    """What the donor of a payment declared with another paid gift, for all of them: the newest first."""
    same_donor = _standing().filter(
        scope=Declaration.Scope.ALL,
        donation__donor_hash=OuterRef("donation__donor_hash"),
        donation__is_live=True,
        donation__session_status=Donation.Session.COMPLETE,
    )
    return same_donor.filter(made_at__lte=OuterRef("paid_at") + FOUR_YEARS).order_by("-made_at", "pk")


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Making claims, and lists of them."""

    def make(self, charity: str, user: User, now: datetime) -> "Claim | None":
        """A claim of the oldest payments to a charity, a thousand at most; None if there are none.

        Of two organisers at once the second waits, and finds what the first has left.
        """
        with transaction.atomic():
            lock(Lock.CLAIM)
            found = claimable(now).filter(fund__charity_name=charity).only("amount_pence")
            payments = list(found[:MAX_PAYMENTS])
            if not payments:
                return None
            claim = self.create(charity_name=charity, made_by=user, made_at=now)
            ClaimLine.objects.bulk_create(
                ClaimLine(claim=claim, payment=one, claimed_pence=one.amount_pence, declaration_id=one.declared_by)
                for one in payments
            )
            return claim

    def with_sums(self) -> Self:
        """With `count`, how many payments are in it, and `pence`, what they come to."""
        return self.annotate(count=models.Count("lines"), pence=Coalesce(models.Sum("lines__claimed_pence"), 0))


class Claim(models.Model):
    """One file for HMRC, for one charity."""

    charity_name = models.CharField(_("charity"), max_length=160)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("made by")
    )
    sent_at = models.DateTimeField(_("sent to HMRC"), null=True)
    downloads = models.PositiveIntegerField(_("downloads"), default=0)
    count: int  # by `with_sums`
    pence: int  # by `with_sums`

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("Gift Aid claim")
        verbose_name_plural = _("Gift Aid claims")
        ordering = ["-pk"]
        permissions = [("claim_gift_aid", _("Can claim Gift Aid, and see the names and addresses in declarations"))]

    def __str__(self) -> str:
        return f"{self.charity_name} {self.made_at:%Y-%m-%d}"

    def begin_download(self) -> None:
        """Count one more. Before the first, what is no longer whole is taken out: HMRC has never seen it."""
        with transaction.atomic():
            locked = Claim.objects.select_for_update().get(pk=self.pk)
            if locked.downloads == 0 and locked.sent_at is None:
                self.lines.over_claimed().delete()
            Claim.objects.filter(pk=self.pk).update(downloads=F("downloads") + 1)

    def mark_sent(self, now: datetime) -> None:
        """Note that HMRC has it; the first time counts."""
        Claim.objects.filter(pk=self.pk, sent_at=None).update(sent_at=now)


class ClaimLineQuerySet(models.QuerySet["ClaimLine"]):
    """Questions about what was claimed."""

    def over_claimed(self) -> Self:
        """Claimed on money that is no longer there, of which HMRC has not been told."""
        return self.filter(payment__net_pence__lt=F("claimed_pence") - F("reported_pence"))

    def mark_reported(self, now: datetime) -> int:
        """Note that HMRC was told of all that is over-claimed in these; return in how many."""
        too_much = F("claimed_pence") - Subquery(Payment.objects.filter(pk=OuterRef("payment")).values("net_pence"))
        return self.over_claimed().update(reported_pence=too_much, reported_at=now)


class ClaimLine(models.Model):
    """One payment in a claim. No payment is ever in two."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="lines", verbose_name=_("claim"))
    payment = models.OneToOneField(Payment, models.PROTECT, related_name="claim_line", verbose_name=_("payment"))
    declaration = models.ForeignKey(
        Declaration, models.PROTECT, related_name="claim_lines", verbose_name=_("declaration")
    )
    claimed_pence = models.PositiveIntegerField(_("claimed, in pence"))
    reported_pence = models.PositiveIntegerField(_("HMRC was told of, in pence"), default=0)
    reported_at = models.DateTimeField(_("HMRC was told"), null=True)

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
        """What was claimed too much, and HMRC was not told of."""
        return max(0, self.claimed_pence - self.reported_pence - self.payment.net_pence)


class OverClaim(ClaimLine):
    """A claimed payment, as the list of over-claims shows it."""

    class Meta:
        proxy = True
        verbose_name = _("Gift Aid over-claim")
        verbose_name_plural = _("Gift Aid over-claims")
