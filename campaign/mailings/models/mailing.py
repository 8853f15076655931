"""Mailings: messages that organisers write to many supporters, and how far sending has got."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.audit.acts import Act
from campaign.audit.log import record
from campaign.mailings.halting import reason_to_halt
from campaign.mailings.models.content import MailingContent
from campaign.mailings.models.delivery import Delivery
from campaign.versions.live_version import READ
from campaign.versions.models import Version
from campaign.versions.versioned import VersionedQuerySet


class MailingQuerySet(VersionedQuerySet):
    """Queries for mailings."""

    def due(self, now: datetime) -> Self:
        """Return mailings that are due to start at `now` (aware), and mailings whose filling isn't finished."""
        planned = Q(state=Mailing.State.SCHEDULED, send_at__lte=now)
        return self.filter(planned | Q(state=Mailing.State.FILLING)).order_by("send_at")

    def stop_restored(self) -> int:
        """Stop every mailing that may have been sent since the restored backup was made; return how many.

        Backups don't contain deliveries. Without deliveries, the mailing would go to everybody a second time.
        """
        state = Mailing.State
        rows: Any = self.exclude(state__in=[state.DRAFT, state.STOPPED, state.SENT])
        return sum(mailing.withdraw(None) or mailing.stop(None) for mailing in rows)

    def sending(self) -> Self:
        """Return the mailings that are being sent, in the order in which they started."""
        return self.filter(state=Mailing.State.SENDING).order_by("started_at", "pk")


class Mailing(MailingContent):
    """One message to many supporters.

    It can be changed only as a draft. `submit` freezes a version. That version is sent once a second organiser has
    approved it. The recipients are fixed when sending starts: `sources` collects them once, and people who ask for
    news later get the next mailing. Only the methods below change the state.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        WAITING = "waiting", _("waiting for approval")
        SCHEDULED = "scheduled", _("scheduled")
        FILLING = "filling", _("collecting the addresses")
        SENDING = "sending", _("being sent")
        PAUSED = "paused", _("paused")
        HALTED = "halted", _("halted by the site")
        STOPPED = "stopped", _("stopped")
        SENT = "sent", _("sent")

    class Halted(models.TextChoices):
        SPAM = "spam", _("too many people marked it as spam")
        BOUNCES = "bounces", _("too many addresses don’t exist")

    facts: ClassVar[frozenset[str]] = frozenset(
        {"state", "version", "send_at", "started_at", "finished_at", "halted_because", "problem", "totals"}
        | {"cards", "imprint"}
    )

    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT, editable=False)
    version = models.PositiveIntegerField(_("version that is sent"), null=True, editable=False)
    send_at = models.DateTimeField(
        _("send at"), null=True, blank=True, help_text=_("Leave this empty to send it once it has been approved.")
    )
    started_at = models.DateTimeField(_("started"), null=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)
    halted_because = models.CharField(_("halted because"), max_length=7, choices=Halted, blank=True, editable=False)
    # Why nothing can be sent at the moment, as `campaign.mail.failures` writes it. It is empty while sending works.
    problem = models.CharField(_("problem with the mail server"), max_length=100, blank=True, editable=False)
    # What the cards say in the version that is sent, so that nobody gets words that weren't approved.
    cards = models.JSONField(_("words of the cards"), default=dict, blank=True, editable=False)
    # Who sends it, and the word in its links, for the same reason (`MailingContent.imprint_now`).
    imprint = models.JSONField(_("sender as approved"), null=True, blank=True, editable=False)
    totals = models.JSONField(_("totals"), default=dict, blank=True, editable=False)

    objects: ClassVar = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering = ["-pk"]
        permissions = [("send_mailing", _("Can request and approve sending a mailing, and pause or stop it"))]
        indexes = [models.Index(fields=["state", "send_at"], name="mailings_by_state")]

    @property
    def is_editable(self) -> bool:
        """Return whether organisers may still change it: only a draft."""
        return self.state == self.State.DRAFT

    def as_sent(self) -> Self:
        """Return a copy with the content of the version that is sent; for a draft, return the draft itself."""
        if self.version is None:
            return self
        return self.as_version(Version.objects.of(type(self), self.pk).values(*READ).get(number=self.version))

    def sender(self) -> dict[str, str]:
        """Return what it says about its sender, and the word in its links: as approved or, for a draft, as now."""
        return self.imprint or self.imprint_now()

    # --- Changes that organisers make. If the state doesn't allow one, the method changes nothing and returns False.

    def submit(self, by: User) -> bool:
        """Freeze the saved draft in a version. The mailing then waits for a second organiser's approval."""
        return self._move(by, [self.State.DRAFT], self.State.WAITING, freeze=True)

    def withdraw(self, by: User | None) -> bool:
        """Make it a draft again: its request was undone or refused, or a scheduled mailing was called off."""
        before = [self.State.WAITING, self.State.SCHEDULED]
        return self._move(by, before, self.State.DRAFT, version=None, cards={}, imprint=None)

    def schedule(self, by: User | None, send_at: datetime | None = None) -> bool:
        """Plan an approved mailing for `send_at` (aware). Without it, use the time saved in the draft, or now.

        When that time comes, a worker collects the recipients and sends it.
        """
        planned = send_at or self.send_at or timezone.now()
        return self._move(by, [self.State.WAITING], self.State.SCHEDULED, send_at=planned)

    def pause(self, by: User | None) -> bool:
        """Pause sending until somebody resumes it. Workers finish the current message, and stop within two seconds.

        `by` is None if the site pauses it, because too many messages in a row are unknown.
        """
        return self._move(by, [self.State.SENDING], self.State.PAUSED)

    def resume(self, by: User) -> bool:
        """Continue a mailing that somebody paused or the site halted. The next bounce may halt it again."""
        return self._move(by, [self.State.PAUSED, self.State.HALTED], self.State.SENDING, halted_because="", problem="")

    def stop(self, by: User | None) -> bool:
        """Stop it for good. People who haven't got it yet won't get it."""
        state = self.State
        before = [state.SCHEDULED, state.FILLING, state.SENDING, state.PAUSED, state.HALTED]
        return self._move(by, before, state.STOPPED, finished_at=timezone.now())

    # --- Changes that workers and bounces make.

    @transaction.atomic
    def begin_filling(self) -> bool:
        """Start collecting the addresses of a scheduled mailing, unless it has been planned for later meanwhile."""
        now, planned = timezone.now(), self._locked().send_at
        if planned and planned > now:
            return False
        return self._move(None, [self.State.SCHEDULED], self.State.FILLING, started_at=now)

    def begin_sending(self) -> bool:
        """Start sending. By now, every recipient has a delivery."""
        return self._move(None, [self.State.FILLING], self.State.SENDING)

    def finish(self) -> bool:
        """Record that it has been sent, unless some messages are still waiting or being sent."""
        left = self.deliveries.filter(state__in=[Delivery.State.QUEUED, Delivery.State.CLAIMED])
        if left.exists():
            return False
        with transaction.atomic():
            self._locked()  # so that no refusal is taken back between the check and the change
            if left.exists():
                return False
            return self._move(None, [self.State.SENDING], self.State.SENT, finished_at=timezone.now())

    def halt(self, because: str) -> bool:
        """Halt sending by the site's own rule, for a reason in `Halted`."""
        return self._move(None, [self.State.SENDING, self.State.PAUSED], self.State.HALTED, halted_because=because)

    @transaction.atomic
    def halt_if_over_limits(self) -> bool:
        """Halt sending if there are too many spam reports or hard bounces (`halting`). Return whether this call did so.

        The row is locked before counting. So if several bounces arrive at once, the last one counts them all.
        """
        self._locked()
        reason = reason_to_halt(self.statistics())
        return bool(reason) and self.halt(reason)

    def statistics(self) -> dict[str, int]:
        """Return how many people are in each state, and how many bounced, marked it as spam or unsubscribed.

        The keys are those of `Delivery.State`, `people`, `bounced` (hard), `bounced_soft`, `spam` and `unsubscribed`.
        Once the deliveries have been erased, return the totals that were kept.
        """
        return dict(self.totals) if self.totals else self.counted()

    def counted(self) -> dict[str, int]:
        """Return the numbers of `statistics`, counted from the deliveries."""
        rows = self.deliveries.values_list("state").annotate(Count("pk")).order_by()
        states = dict.fromkeys(Delivery.State.values, 0) | dict(rows)
        marks = self.deliveries.filter(~Q(bounce="") | Q(is_spam=True) | Q(is_unsubscribed=True)).aggregate(
            bounced=Count("pk", filter=Q(bounce=Delivery.Bounce.HARD)),
            bounced_soft=Count("pk", filter=Q(bounce=Delivery.Bounce.SOFT)),
            spam=Count("pk", filter=Q(is_spam=True)),
            unsubscribed=Count("pk", filter=Q(is_unsubscribed=True)),
        )
        return {"people": sum(states.values())} | states | marks

    @transaction.atomic
    def _move(
        self, by: User | None, before: Collection[str], after: str, *, freeze: bool = False, **facts: Any
    ) -> bool:
        """Set the state and these facts if the saved state is one of `before`. Record it in the audit log.

        Afterwards, this object has the saved state, even if nothing was changed.
        """
        saved = self._locked()
        if saved.state in before:
            if freeze:
                facts |= {"version": saved.keep(by, str(_("To be sent"))).number, "cards": saved.card_words()}
                facts |= {"imprint": saved.imprint_now()}
            changed = {"state": after, "facts_changed_at": timezone.now()} | facts
            type(self)._base_manager.filter(pk=self.pk).update(**changed)
            record(by, Act.STEER_MAILING, self, state=after)
        moved = saved.state in before
        self.refresh_from_db(fields=[*self.facts, "facts_changed_at"])
        return moved
