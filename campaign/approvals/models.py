"""Requests for dangerous actions, from draft to completion."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import Invitation
from campaign.accounts.organisers import is_established
from campaign.approvals.kinds import KINDS, Kind
from campaign.audit.acts import Act
from campaign.audit.log import record

MAX_PEOPLE_ALONE = 5


class ApprovalRequestQuerySet(models.QuerySet["ApprovalRequest"]):
    """Queries for requests."""

    def waiting(self) -> Self:
        """Return requests waiting for a second organiser, of the kinds that this version of the site knows."""
        return self.filter(state="waiting", kind__in=KINDS)

    def submitted(self) -> Self:
        """Return open requests of the kinds that this version of the site knows."""
        return self.filter(state__in=["waiting", "agreed"], kind__in=KINDS)

    def due(self, now: datetime) -> Self:
        """Return approved requests that are due at `now` (aware), the longest overdue first."""
        return self.filter(state="agreed", acts_at__lte=now).order_by("acts_at", "pk")

    def open_about(self, kind: str, subject: object) -> Self:
        """Return open requests of this kind about one row."""
        return self.filter(kind=kind, subject=subject, state__in=["waiting", "agreed"])

    def visible_to(self, user: User) -> Self:
        """Return requests of the kinds that this organiser may make or approve."""
        return self.filter(kind__in=[name for name, kind in KINDS.items() if user.has_perm(kind.permission)])

    def people_on_day_of(self, user: User, now: datetime) -> int:
        """Return how many people this organiser's requests on the day of `now` (aware) affect, unless undone since."""
        midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        asked = self.filter(asked_by=user, asked_at__gte=midnight, state__in=["waiting", "agreed", "done"])
        return asked.aggregate(total=Sum("people"))["total"] or 0


class ApprovalRequest(models.Model):
    """One action requested by an organiser: a draft until they have entered the number of people and the reason.

    `subject` is the key of the row that the request is about, if it is about a single row; `payload` contains further
    data, which only the kind understands. Neither contains personal data.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("not requested yet")
        WAITING = "waiting", _("waiting for a second organiser")
        AGREED = "agreed", _("approved, not done yet")
        DONE = "done", _("done")
        UNDONE = "undone", _("undone")

    kind = models.CharField(_("action"), max_length=60)
    about = models.CharField(_("about"), max_length=200)
    subject = models.CharField(max_length=40, blank=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.DRAFT)
    people = models.PositiveIntegerField(_("people affected"), default=0)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("requested by")
    )
    asked_at = models.DateTimeField(_("requested"), default=timezone.now)
    needs_second = models.BooleanField(_("needs a second organiser"), default=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    acts_at = models.DateTimeField(_("takes effect"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("undone by")
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = ApprovalRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("asked_by")), name="two_organisers_for_an_approval"
            ),
            models.CheckConstraint(
                condition=Q(needs_second=False) | Q(approved_at__isnull=False) | ~Q(state__in=["agreed", "done"]),
                name="a_second_organiser_before_the_act",
            ),
        ]
        indexes = [
            models.Index(fields=["acts_at"], condition=Q(state="agreed"), name="approvals_due"),
            models.Index(fields=["asked_by", "asked_at"], name="approvals_of_a_day"),
            models.Index(fields=["state", "asked_at"], name="approvals_by_state"),
            models.Index(fields=["kind", "subject"], name="approvals_about"),
        ]

    def __str__(self) -> str:
        return f"{self.described.label}: {self.about}"

    @property
    def described(self) -> Kind:
        """Return the request's kind. Raises KeyError for a kind that this version of the site doesn't know."""
        return KINDS[self.kind]

    @classmethod
    def draft(cls, kind: str, user: User, *, about: object, subject: object = "", **payload: Any) -> Self:
        """Store a request that an organiser is preparing, so that they can see who it affects."""
        return cls.objects.create(kind=kind, about=str(about)[:200], subject=subject, asked_by=user, payload=payload)

    @transaction.atomic
    def submit(self, people: int, reason: str, now: datetime) -> bool:
        """Submit the request with this number of people and this reason, and hide its subject at once. `now` is aware.

        Unless the kind always requires a second organiser, none is needed if the organiser's requests that day affect
        at most five people and the organiser was not invited recently. Return False and do nothing if the request was
        submitted before or the number is now wrong.
        """
        # Simultaneous requests share the day's limit of five. The lock doesn't block rows that refer to the organiser.
        User.objects.select_for_update(no_key=True).get(pk=self.asked_by_id)
        if not self._lock_in(self.State.DRAFT) or not people or self.described.settle(self) != people:
            return False
        today = type(self).objects.people_on_day_of(self.asked_by, now)
        self.people, self.reason, self.asked_at = people, reason, now
        too_many = today + people > MAX_PEOPLE_ALONE
        self.needs_second = too_many or self.described.always_second or self._is_by_newcomer(now)
        if self.needs_second:
            self.state = self.State.WAITING
        else:
            self._agree(now)
        if self.state != self.State.DONE:
            self.described.hide(self)
        self.save()
        self._record(self.asked_by, Act.REQUEST)
        return True

    @transaction.atomic
    def approve(self, user: User | None, now: datetime) -> bool:
        """Approve as the second organiser, or from the server if `user` is None; return whether this was possible."""
        if not self._lock_in(self.State.WAITING):
            return False
        self.approved_by, self.approved_at = user, now
        self._agree(now)
        self.save()
        self._record(user, Act.APPROVE)
        return True

    @transaction.atomic
    def undo(self, user: User, now: datetime) -> bool:
        """Refuse or cancel the request before it takes effect, and undo `hide`; return whether that was possible."""
        if not self._lock_in(self.State.WAITING, self.State.AGREED):
            return False
        self.described.restore(self)
        self.state, self.ended_by, self.ended_at = self.State.UNDONE, user, now
        self.save()
        self._record(user, Act.UNDO)
        return True

    def act(self, now: datetime) -> None:
        """Carry out the action. Call this on a locked row in state AGREED, in a transaction."""
        self._act(now)
        self.save()
        self._record(None, Act.CARRY_OUT)

    def obstacle(self, user: User, now: datetime) -> Any:
        """Return, in words, why this organiser may not approve the request at `now` (aware), or None if they may."""
        if not user.has_perm(self.described.permission):
            return _("You do not have permission to approve this.")
        if user.pk == self.asked_by_id:
            return _("You requested this, so somebody else must approve it.")
        if Invitation.objects.leads_to(user, inviter=self.asked_by):
            return _("The person who requested this invited you, so somebody else must approve it.")
        if Invitation.objects.leads_to(self.asked_by, inviter=user):
            return _("You invited the person who requested this, so somebody else must approve it.")
        if not is_established(user, now):
            return _("You can approve requests once you have had an authenticator or a passkey here for seven days.")
        return self.described.obstacle(self, user)

    def _is_by_newcomer(self, now: datetime) -> bool:
        """Return whether a new account made the request. One person could make many accounts, each with its limit."""
        invited = Invitation.objects.filter(organiser=self.asked_by).exists()
        return invited and not is_established(self.asked_by, now)

    def _agree(self, now: datetime) -> None:
        self.state = self.State.AGREED
        self.acts_at = self.described.acts_at(self, now)
        if self.acts_at <= now:
            self._act(now)

    def _act(self, now: datetime) -> None:
        self.described.act(self)
        self.state, self.ended_at = self.State.DONE, now

    def _record(self, user: User | None, act: Act) -> None:
        """Add a step to the audit log, without the reason: the log contains nothing that somebody has typed."""
        record(user, act, self, kind=self.kind, state=self.state, people=self.people)

    def _lock_in(self, *states: str) -> bool:
        """Lock the row once other changes have finished; return whether it is then in a given state."""
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update(of=("self",)))
        return self.state in states
