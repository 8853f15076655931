"""Deliveries: each is a mailing for one person, with its state."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.email_addresses.canonical import canonical
from campaign.email_addresses.canonical import domain_hash as long_domain_hash
from campaign.privacy.crypto import keyed_hash

DOMAIN_BYTES = 8
UUID_BYTES = 16
MAX_MAILINGS = 200  # more than anybody sends in 30 days
# A bounce or a spam report is about a message of the last 30 days. After that, deliveries are erased anyway.
REMEMBERED = timedelta(days=30)


def person_hash(address: str, mailing: int | None = None) -> bytes:
    """Return a hash (32 bytes) of a normalised address: the same for all spellings, and used only for mailings.

    With the key of a mailing, each mailing has hashes of its own. Mailings to people who haven't asked for news in
    general use such hashes, so that deliveries don't show whether somebody who is coming to a protest has also signed.
    """
    return keyed_hash(canonical(address) + (f" {mailing}" if mailing else ""), "mailings.person")


def domain_hash(address: str) -> bytes:
    """Return an eight-byte hash of an address's domain."""
    return long_domain_hash(address)[:DOMAIN_BYTES]


def pseudonym(source: str, row: UUID) -> UUID:
    """Return what replaces the key of a source's row in deliveries, once they mustn't show which row it was."""
    return UUID(bytes=keyed_hash(f"{source} {row}", "mailings.row")[:UUID_BYTES])


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Queries for deliveries."""

    def of_address(self, address: str) -> Self:
        """Return the deliveries of all mailings to a normalised address."""
        mailings: Any = self.model._meta.get_field("mailing").related_model
        newest = mailings.objects.order_by("-pk").values_list("pk", flat=True)[:MAX_MAILINGS]
        return self.filter(person__in=[person_hash(address), *(person_hash(address, key) for key in newest)])

    def due(self, now: datetime) -> Self:
        """Return the queued deliveries whose next attempt is due at `now` (aware)."""
        return self.filter(state=self.model.State.QUEUED, due_at__lte=now)

    def claimants(self) -> set[int]:
        """Return the numbers of the workers that hold claims without an answer."""
        claimed = self.filter(state=self.model.State.CLAIMED, worker__isnull=False)
        return set(claimed.order_by().values_list("worker", flat=True).distinct())

    def unknown(self, mailing: models.Model) -> Self:
        """Return a mailing's deliveries that may or may not have been sent, oldest first.

        They are never tried again. Organisers see only how many there are, and when they were sent.
        """
        return self.filter(mailing=mailing.pk, state=self.model.State.UNKNOWN).order_by("claimed_at", "pk")

    def count_by_state(self, mailings: Iterable[int]) -> dict[int, dict[str, int]]:
        """Return the number of deliveries in each state, for each mailing with one of the keys. It takes one query."""
        found: dict[int, dict[str, int]] = {}
        rows = self.filter(mailing__in=mailings).values_list("mailing", "state").annotate(models.Count("pk")).order_by()
        for mailing, state, count in rows:
            found.setdefault(mailing, {})[state] = count
        return found

    def bounced(self, address: str, *, hard: bool) -> bool:
        """Record that a message to a normalised address bounced; halt its mailing if too many have bounced.

        The newest delivery to this person within 30 days is marked. A hard bounce replaces a soft one. Return False if
        there is no such delivery or it was already marked.
        """
        kind = self.model.Bounce.HARD if hard else self.model.Bounce.SOFT
        changeable = ["", self.model.Bounce.SOFT] if hard else [""]
        return self._mark_newest(address, {"bounce__in": changeable}, {"bounce": kind})

    def reported_as_spam(self, address: str) -> bool:
        """Record that a normalised address reported a message as spam; halt its mailing if too many addresses have.

        The newest delivery to this person within 30 days is marked. Return whether one was marked, as for `bounced`.
        """
        return self._mark_newest(address, {"is_spam": False}, {"is_spam": True})

    def unsubscribed(self, source: str, row: Any) -> bool:
        """Record that somebody used the link in a message to unsubscribe. The message went to this row of a source.

        The newest delivery from that row within 30 days is marked. Return whether one was marked, as for `bounced`.
        """
        return self._to(source, row).filter(is_unsubscribed=False)._mark({"is_unsubscribed": True}) is not None

    def rows_of_same_person(self, source: str, row: Any) -> list[tuple[str, Any]]:
        """Return the source and row of each other delivery to the person who got the one from this row."""
        people = list(self._to(source, row).values_list("person", flat=True)[:1])
        others = self.filter(person__in=people).exclude(source=source, row=row).order_by()
        return list(others.values_list("source", "row").distinct())

    def pseudonymise(self, source: str, rows: Iterable[UUID]) -> None:
        """Replace the keys of a source's `rows` in deliveries, once the rows no longer identify anybody.

        Otherwise, the deliveries would link the rows to other mailings for the same people. Links in messages that were
        sent before still work.
        """
        changed: list[Any] = list(self.filter(source=source, row__in=rows))
        for delivery in changed:
            delivery.row = pseudonym(source, delivery.row)
        self.bulk_update(changed, ["row"])

    def _to(self, source: str, row: Any) -> Self:
        """Return the deliveries to a row of a source, whether its key has been replaced or not."""
        return self.filter(source=source, row__in=[row, pseudonym(source, row)])

    def _mark_newest(self, address: str, unless_marked: dict[str, Any], marks: dict[str, Any]) -> bool:
        """Mark the newest delivery to an address and halt its mailing if necessary; return whether one was marked."""
        with transaction.atomic():
            mailing = self.of_address(address)._mark(marks, unless_marked)
            if mailing is not None:
                mailing.halt_if_over_limits()
        return mailing is not None

    def _mark(self, marks: dict[str, Any], unless_marked: dict[str, Any] | None = None) -> Any:
        """Mark the newest delivery that may have been sent; return its mailing, or None if nothing changed."""
        handed_over = [self.model.State.CLAIMED, self.model.State.SENT, self.model.State.UNKNOWN]
        since = timezone.now() - REMEMBERED
        tried = self.filter(state__in=handed_over, claimed_at__gte=since).order_by("-claimed_at")
        newest = tried.values_list("pk", flat=True).first()
        changed = self.model.objects.filter(pk=newest, **unless_marked or {}).update(**marks)
        return self.model.objects.select_related("mailing").get(pk=newest).mailing if changed else None


class Delivery(models.Model):
    """One mailing for one person. It doesn't store the address, which is read from `row` of `source` before sending.

    A worker *claims* the delivery and commits the claim before it hands the message to the mail server. Then it records
    the answer. A claim without an answer becomes *unknown* and is never tried again, so nobody gets a mailing twice.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        CLAIMED = "claimed", _("being sent")
        SENT = "sent", _("sent")
        REFUSED = "refused", _("refused by the mail server")
        UNKNOWN = "unknown", _("unknown")
        SKIPPED = "skipped", _("no longer wanted")

    class Bounce(models.TextChoices):
        HARD = "hard", _("came back: no such mailbox")
        SOFT = "soft", _("came back for another reason")

    mailing = models.ForeignKey("mailings.Mailing", models.CASCADE, related_name="deliveries", db_index=False)
    person = models.BinaryField(_("person"), max_length=32)
    source = models.CharField(_("where the address came from"), max_length=40)  # such as "pledges.signers"
    row = models.UUIDField(_("key in the source"))
    domain_hash = models.BinaryField(_("receiving domain"), max_length=DOMAIN_BYTES)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    due_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    claimed_at = models.DateTimeField(_("last attempt"), null=True)
    worker = models.PositiveIntegerField(_("number of the worker"), null=True)
    done_at = models.DateTimeField(_("finished"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    code = models.CharField(_("the mail server’s codes"), max_length=100, blank=True)  # never its text
    bounce = models.CharField(_("bounce"), max_length=4, choices=Bounce, blank=True)
    is_spam = models.BooleanField(_("marked as spam"), default=False)
    is_unsubscribed = models.BooleanField(_("unsubscribed through this message"), default=False)

    objects: ClassVar = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        default_permissions = ()  # nobody sees them in the admin
        constraints = [models.UniqueConstraint(fields=["person", "mailing"], name="one_delivery_a_person")]
        indexes = [
            models.Index(fields=["mailing", "state"], name="deliveries_by_state"),
            models.Index(
                fields=["mailing", "due_at", "id"], condition=models.Q(state="queued"), name="deliveries_queued"
            ),
            models.Index(fields=["worker"], condition=models.Q(state="claimed"), name="deliveries_claimed"),
            models.Index(
                fields=["mailing"],
                condition=~models.Q(bounce="") | models.Q(is_spam=True) | models.Q(is_unsubscribed=True),
                name="deliveries_marked",
            ),
            models.Index(fields=["source", "row"], name="deliveries_by_row"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
