"""Attendees: people who have said that they are coming to one date of a protest."""

from datetime import date, datetime, time, timedelta
from typing import ClassVar, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.protests.models.arrangement import Arrangement
from actions.protests.models.occasion import Occasion
from actions.protests.models.protest import Protest
from campaign.confirming.attempts import Attempted, AttemptsQuerySet
from campaign.confirming.models import ConfirmedByMail, ConfirmedByMailQuerySet, oldest_confirmable
from campaign.mail.models import Message
from campaign.privacy import crypto
from campaign.privacy.encrypted_field import EncryptedTextField

CONFIRM = "protests.coming.confirm"
# The local time at which the reminder goes out on the day before.
REMINDED_AT = time(10)


def reminder_at(starts: datetime) -> datetime:
    """Return when to send the reminder about a date that starts at `starts` (aware, in the protest's time zone)."""
    return datetime.combine(starts.date() - timedelta(days=1), REMINDED_AT, starts.tzinfo)


class AttendeeQuerySet(AttemptsQuerySet, ConfirmedByMailQuerySet):
    """Queries for attendees. The daily limits apply to each date separately. A whole group may share one network."""

    max_from_network = 20
    max_in_all = 1000

    def from_address(self, address: str) -> Self:
        """Return attendees with a normalised address. This tries every date, because its hash differs by date."""
        dates = self.order_by().values_list("protest", "on").distinct()
        hashes = [Attendee(protest_id=key, on=on, email=address).own_email_hash for key, on in dates]
        return self.filter(email_hash__in=hashes)

    def confirmable(self, now: datetime) -> Self:
        """Return attendees who can still be confirmed at `now` (aware), before their date ends."""
        return super().confirmable(now).filter(ends_at__gt=now)

    def to_drop_out(self, token: str) -> Self:
        """Return the row, confirmed or not, whose drop-out link contains this token."""
        return self.filter(manage_hash=crypto.token_hash(token))

    def numbers(self) -> dict[tuple[int, date], int]:
        """Return how many people have confirmed for each date, by the protest's primary key and the regular date."""
        counted = self.confirmed().order_by("on").values_list("protest", "on").annotate(number=models.Count("*"))
        return {(key, on): number for key, on, number in counted}

    def erase(self) -> int:
        """Delete these rows, then every message about them in the outbox; return the number of rows.

        The rows go first, so that no message can be queued afterwards. The two steps aren't one transaction: sending a
        message locks it and then the attendee, so locking them here in the other order could end in a deadlock.
        """
        keys = list(self.values_list("pk", flat=True))
        count, _by_model = self.model.objects.filter(pk__in=keys).delete()
        Message.objects.filter(object_id__in=keys).delete()
        return count


class Attendee(Attempted, ConfirmedByMail):
    """Somebody who has said that they are coming to one date of a protest: `on` is its regular date.

    The row is deleted when they drop out. `announced` is the arrangement for which news was last queued, and `told` is
    the one that a page or message last gave them. News is sent only if the current arrangement differs from both.
    """

    confirmation_kind = CONFIRM

    protest = models.ForeignKey(
        Protest, models.CASCADE, verbose_name=_("protest"), related_name="attendees", editable=False
    )
    on = models.DateField(_("regular date"), editable=False)
    name = EncryptedTextField(_("name"), editable=False)
    ends_at = models.DateTimeField(_("end"), db_index=True, editable=False)
    announced = models.JSONField(default=dict, editable=False)
    told = models.JSONField(_("time and place in the last message"), default=dict, editable=False)
    wants_news = models.BooleanField(_("wants other messages about the protest"), default=False, db_default=False)
    reminded_for = models.DateField(_("reminded of"), null=True, editable=False)

    objects: ClassVar = AttendeeQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendee")
        verbose_name_plural = _("attendees")
        default_permissions = ()
        permissions = [("see_attendee_names", _("Can see the names of people who are coming to a protest"))]
        constraints = [
            models.UniqueConstraint(fields=["protest", "on", "email_hash"], name="one_attendee_a_date_and_address"),
        ]
        indexes = [models.Index(fields=["tried_at"], condition=Q(tried_at__isnull=False), name="attendees_tried")]

    def __str__(self) -> str:
        return str(self.on)

    @classmethod
    @transaction.atomic
    def come(
        cls, occasion: Occasion, email: str, name: str, network: bytes | None, now: datetime, wants_news: bool = False
    ) -> None:
        """Record that the person at a normalised address is coming, and queue the message that asks them to confirm.

        If the address was entered before and not confirmed, queue the message again; if it was confirmed, do nothing.
        """
        rows = cls.objects.filter(protest=occasion.protest, on=occasion.on)
        rows.from_address(email).filter(confirmed_at=None, asked_at__lt=oldest_confirmable(now)).delete()
        known = Arrangement.of(occasion).as_json()
        values = {"protest": occasion.protest, "on": occasion.on, "ends_at": occasion.ends}
        answers = {"name": name or None, "wants_news": wants_news}
        if not cls.ask(email, now, announced=known, told=known, **answers, **values):
            rows.resend(email, now)
        rows.from_address(email).note_attempt(network, now, cls._scope(occasion))

    @classmethod
    def limit_reached(cls, occasion: Occasion, network: bytes | None, now: datetime) -> bool:
        """Return whether too many people have been entered for a date in the 24 hours before `now` (aware)."""
        rows = cls.objects.filter(protest=occasion.protest, on=occasion.on)
        return bool(rows.limit_reached(network, now, scope=cls._scope(occasion)))

    @classmethod
    def _scope(cls, occasion: Occasion) -> str:
        return cls(protest=occasion.protest, on=occasion.on).hash_scope

    @property
    def hash_scope(self) -> str:
        """Return a name for the date, so that one address or network has a different hash for each date."""
        return f" {self.protest_id} {self.on.isoformat()}"

    @property
    def own_email_hash(self) -> bytes:
        """Return the hash of the address for this date."""
        return self.email_hash_of(self.email or "", self.hash_scope)

    def arrangement(self) -> Arrangement:
        """Return the current arrangement. The date counts as cancelled if the protest is off the site."""
        return Arrangement.of(self.occasion())

    def occasion(self) -> Occasion | None:
        """Return the current occasion, or None if the date no longer exists or its protest is off the site."""
        protest = Protest.objects.published().with_dates().filter(pk=self.protest_id).first()
        return protest.occasion(self.on) if protest else None

    def become_confirmed(self, now: datetime) -> None:
        """Record that the page showed the current arrangement. If the date has just been cancelled, news will follow.

        People who confirm after the reminders have gone out get no reminder.
        """
        occasion = self.occasion()
        arrangement = Arrangement.of(occasion)
        if occasion is None or arrangement.is_cancelled:
            return
        self.told = arrangement.as_json()
        if reminder_at(occasion.starts) <= now:
            self.reminded_for = occasion.starts.date()

    def state(self, now: datetime, present: Arrangement) -> str:
        """Return what the confirmation link shows at `now` (aware) if `present` is the date's arrangement.

        The result is "pending", "confirmed", "expired", "over" or "cancelled".
        """
        if self.ends_at <= now:
            return "over"
        return "cancelled" if present.is_cancelled else self.confirmation_state(now)


class AttendeeCount(models.Model):
    """The published count of people who have said that they are coming to one date.

    `shown` is what visitors see, in tens. `counted` is how many there were when it last moved, at `counted_at`.
    """

    protest = models.ForeignKey(Protest, models.CASCADE, related_name="attendee_counts")
    on = models.DateField()
    shown = models.PositiveIntegerField(default=0)
    counted = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["protest", "on"], name="one_attendee_count_a_date")]

    def __str__(self) -> str:
        return f"{self.on}: {self.shown}"
