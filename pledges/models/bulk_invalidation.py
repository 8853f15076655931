"""Rejecting many signatures at once: by conditions, in the background, with ways to stop and undo it."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.email_addresses.canonical import domain_hash
from campaign.email_addresses.parsing import normalise_domain, trim
from pledges.models.signatures.queryset import SignatureQuerySet
from pledges.models.signatures.signature import Signature
from pledges.models.signatures.state_changes import StateChange

STEP = 1000
REJECTABLE = ("confirmed", "held")


class BulkInvalidation(models.Model):
    """A set of conditions, and the rejection of every signature that meets all of them."""

    class State(models.TextChoices):
        DRAFT = "draft", _("not started")
        AWAITING_APPROVAL = "asked", _("waiting for a second organiser")
        RUNNING = "running", _("running")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    pledge = models.ForeignKey(
        "pledges.Pledge",
        models.PROTECT,
        related_name="bulk_invalidations",
        verbose_name=_("pledge"),
        help_text=_("The pledge whose signatures you want to reject."),
    )
    only_state = models.CharField(
        _("state"),
        max_length=11,
        blank=True,
        choices=[("confirmed", _("confirmed")), ("held", _("held for review"))],
        help_text=_("Reject only signatures in this state. Leave it blank for all."),
    )
    suspicion = models.CharField(
        _("why it is held for review"),
        max_length=9,
        choices=Signature.Suspicion,
        blank=True,
        help_text=_("Reject only signatures that are held for this reason. Leave it blank for all."),
    )
    network = models.BinaryField(_("network"), max_length=16, null=True, editable=False)
    family_hash = models.BinaryField(max_length=16, null=True, editable=False)
    domain = models.CharField(
        _("mail domain"), max_length=253, blank=True, help_text=_("What follows the @, such as example.org.")
    )
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("Two letters, such as GB."))
    area_code = models.CharField(
        _("constituency"), max_length=9, blank=True, help_text=_("Its code, such as E14001265.")
    )
    signed_from = models.DateTimeField(
        _("signed from"),
        null=True,
        blank=True,
        help_text=_("Reject only signatures made at this time or later. Leave both boxes blank for any time."),
    )
    signed_until = models.DateTimeField(
        _("signed until"),
        null=True,
        blank=True,
        help_text=_("Reject only signatures made before this time. Leave both boxes blank for any time."),
    )
    reason = models.CharField(
        _("reason"), max_length=200, help_text=_("Recorded with every signature that is rejected.")
    )
    state = models.CharField(_("progress"), max_length=8, choices=State, default=State.DRAFT, editable=False)
    agreed_count = models.PositiveIntegerField(null=True, editable=False)
    rejected_count = models.PositiveIntegerField(_("rejected"), default=0, editable=False)
    restored_count = models.PositiveIntegerField(_("restored"), default=0, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, editable=False)

    class Meta:
        verbose_name = _("bulk invalidation")
        verbose_name_plural = _("bulk invalidations")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.reason} ({self.get_state_display()})"

    def clean(self) -> None:
        """Raise ValidationError for an invalidation without conditions: it would reject every signature."""
        typed = trim(self.domain).removeprefix("@")
        self.domain = typed and normalise_domain(typed)
        self.country = self.country.strip().upper()
        if not self.conditions():
            raise ValidationError(_("Enter at least one condition: without any, every signature would be rejected."))

    def conditions(self) -> Q:
        """Return the conditions that have been entered. A time alone is a condition too."""
        values = {
            "state": self.only_state,
            "suspicion": self.suspicion,
            "network": self.network,
            "family_hash": self.family_hash,
            "domain_hash": domain_hash(f"@{self.domain}") if self.domain else None,
            "country": self.country,
            "area_code": self.area_code,
            "signed_at__gte": self.signed_from,
            "signed_at__lt": self.signed_until,
        }
        return Q(**{name: value for name, value in values.items() if value})

    def matching(self) -> SignatureQuerySet:
        """Return the signatures that it would reject, all made before it was started."""
        signatures: SignatureQuerySet = Signature.objects.filter(pledge=self.pledge_id, state__in=REJECTABLE)
        return signatures.filter(self.conditions(), signed_at__lte=self.started_at or timezone.now())

    def can_move_to(self, state: str) -> bool:
        """Return whether an organiser may move it to that state now."""
        return self.state in PREVIOUS_STATES.get(state, ())

    def move_to(self, state: str, now: datetime) -> None:
        """Move it to a state. The worker does the rest. `now` (aware) is when it was requested."""
        self.state = state
        if state == self.State.DRAFT:
            self.started_at = None
        elif not self.started_at:
            self.started_at = now
        self.save(update_fields=["state", "started_at", "agreed_count"])

    def run_step(self) -> int:
        """Change up to 1,000 more signatures and return how many. Call it on a locked row.

        It rejects no more than `agreed_count` in all, since more may match the conditions by now.
        """
        if self.state == self.State.RUNNING:
            left = STEP if self.agreed_count is None else self.agreed_count - self.rejected_count
            changed = self._change(self.matching()[: max(left, 0)], "rejected")
            self.rejected_count += changed
        else:
            changed = self._change(self._rejected("confirmed"), "confirmed")
            changed = changed or self._change(self._rejected("held"), "held")
            self.restored_count += changed
        if not changed:
            self.state = self.State.DONE if self.state == self.State.RUNNING else self.State.UNDONE
        self.save(update_fields=["state", "rejected_count", "restored_count"])
        return changed

    def _change(self, signatures: QuerySet[Signature], state: str) -> int:
        keys = list(signatures.values_list("pk", flat=True)[:STEP])
        return Signature.objects.filter(pk__in=keys).change_state(state, self.created_by, self.reason, self.pk)

    def _rejected(self, old: str) -> QuerySet[Signature]:
        """Return signatures whose last change was their rejection, from the state `old`, by this invalidation."""
        last = StateChange.objects.filter(signature=OuterRef("pk")).order_by("-pk")
        signatures = Signature.objects.filter(
            state="rejected", changes__bulk_invalidation=self, changes__new="rejected"
        )
        last_of_each = signatures.annotate(
            last_invalidation=Subquery(last.values("bulk_invalidation")[:1]), last_old=Subquery(last.values("old")[:1])
        )
        return last_of_each.filter(last_invalidation=self.pk, last_old=old).distinct()


# For each state, the states from which a button alone may move it there. `pledges.approvals` starts it.
PREVIOUS_STATES: dict[str, tuple[str, ...]] = {
    BulkInvalidation.State.RUNNING: (BulkInvalidation.State.STOPPED,),
    BulkInvalidation.State.STOPPED: (BulkInvalidation.State.RUNNING,),
    BulkInvalidation.State.UNDOING: (BulkInvalidation.State.STOPPED, BulkInvalidation.State.DONE),
}


def step() -> int:
    """Take the next step of an invalidation that is running or being undone; return how many signatures changed."""
    with transaction.atomic():
        active = BulkInvalidation.objects.filter(
            state__in=[BulkInvalidation.State.RUNNING, BulkInvalidation.State.UNDOING]
        )
        invalidation = active.select_for_update(skip_locked=True, of=("self",)).order_by("pk").first()
        return invalidation.run_step() if invalidation else 0
