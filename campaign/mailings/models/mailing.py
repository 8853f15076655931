"""Mailings: what organisers write to many supporters, whom it is for, and how far sending has got."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar, Self

from content_editor.models import Region
from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.audit.acts import Act
from campaign.audit.log import record
from campaign.mailings.halting import reason_to_halt
from campaign.mailings.models.delivery import Delivery
from campaign.pages.models import SiteSettings
from campaign.places.models import Constituency
from campaign.places.postcode_files import REGIONS
from campaign.tags.models import Tag
from campaign.text.languages import InLanguage, LanguageField
from campaign.versions.models import Version
from campaign.versions.versioned import READ, Part, Versioned, VersionedQuerySet


def region_choices() -> list[tuple[str, Any]]:
    """Return the nine regions of England by name, and the other three nations by their letter."""
    nations = [choice for choice in Constituency.Nation.choices if choice[0] != Constituency.Nation.ENGLAND]
    return sorted((name, name) for name in REGIONS.values()) + nations


def discreet_subject() -> str:
    """Return a subject that says nothing about the campaign, for new mailings."""
    return gettext("The news that you asked for")


class MailingQuerySet(VersionedQuerySet):
    """Queries for mailings."""

    def due(self, now: datetime) -> Self:
        """Return mailings whose planned time has come by `now` (aware), and those whose filling isn't finished."""
        planned = Q(state=Mailing.State.SCHEDULED, send_at__lte=now)
        return self.filter(planned | Q(state=Mailing.State.FILLING)).order_by("send_at")

    def stop_restored(self) -> int:
        """After a backup has been restored, stop every mailing that may have been sent since; return how many.

        Deliveries aren't in backups. Without them, the mailing would go to everybody a second time.
        """
        state = Mailing.State
        rows: Any = self.exclude(state__in=[state.DRAFT, state.STOPPED, state.SENT])
        return sum(mailing.withdraw(None) or mailing.stop(None) for mailing in rows)

    def sending(self) -> Self:
        """Return mailings that workers are sending, the one that began first at the front."""
        return self.filter(state=Mailing.State.SENDING).order_by("started_at", "pk")


class Mailing(InLanguage, Versioned):
    """One message to many supporters.

    It can be changed only as a draft. `submit` freezes a version, and that version is what is sent once a second
    organiser has approved it. The recipients are fixed when sending starts: `sources` finds them once, and whoever asks
    for news later gets the next mailing. Only the methods below change the state.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        WAITING = "waiting", _("waiting for approval")
        SCHEDULED = "scheduled", _("planned")
        FILLING = "filling", _("collecting the recipients")
        SENDING = "sending", _("being sent")
        PAUSED = "paused", _("paused")
        HALTED = "halted", _("halted by the site")
        STOPPED = "stopped", _("stopped")
        SENT = "sent", _("sent")

    class Halted(models.TextChoices):
        SPAM = "spam", _("too many people marked it as spam")
        BOUNCES = "bounces", _("too many addresses don’t exist")

    published_by_two: ClassVar[bool] = True
    regions = [Region(key="main", title=_("Message"))]
    facts: ClassVar[frozenset[str]] = frozenset(
        {"state", "version", "send_at", "started_at", "finished_at", "halted_because", "problem", "tally"}
    )

    subject = models.CharField(
        _("subject"),
        max_length=100,
        default=discreet_subject,
        help_text=_(
            "A locked phone shows it to anybody nearby, and some supporters are at risk if their support is known. So "
            "don’t name the campaign or its cause here, and put what matters into the first 60 characters."
        ),
    )
    preheader = models.CharField(
        _("first line"),
        max_length=150,
        blank=True,
        help_text=_(
            "Inboxes and locked phones show it after the subject; the message itself begins below it. Leave it blank for "
            "a line that reveals nothing."
        ),
    )
    language = LanguageField(help_text=_("The language that you write in. Our own labels stay in English."))
    audience = models.CharField(
        _("who gets it"),
        max_length=60,
        default="everybody",
        help_text=_("Only people who want news. Each person gets it once. You see the number before it is sent."),
    )
    region = models.CharField(
        _("only in this nation or region"),
        max_length=30,
        blank=True,
        choices=region_choices,
        help_text=_("Leave it blank for everywhere. Otherwise people are left out whose constituency we don’t know."),
    )
    constituency = models.ForeignKey(
        Constituency,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only in this constituency"),
        help_text=_("Instead of a region. Leave it blank for everywhere."),
    )
    tag = models.ForeignKey(
        Tag,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tag of its links"),
        help_text=_(
            "Added to each link to this site, so that signatures that come by it can be counted together. Everybody "
            "gets the same link, so it says nothing about a person."
        ),
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT, editable=False)
    version = models.PositiveIntegerField(_("version that is sent"), null=True, editable=False)
    send_at = models.DateTimeField(
        _("send at"), null=True, blank=True, help_text=_("Leave this empty to send it once it has been approved.")
    )
    started_at = models.DateTimeField(_("started"), null=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)
    halted_because = models.CharField(_("halted because"), max_length=7, choices=Halted, blank=True, editable=False)
    # Why nothing can be sent at the moment, as `campaign.mail.failures` stores it; empty while sending works.
    problem = models.CharField(_("problem with the mail server"), max_length=100, blank=True, editable=False)
    tally = models.JSONField(_("tally"), default=dict, blank=True, editable=False)

    objects: ClassVar = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering = ["-pk"]
        permissions = [("send_mailing", _("Can request and approve sending a mailing, and pause or stop it"))]
        indexes = [models.Index(fields=["state", "send_at"], name="mailings_by_state")]

    def __str__(self) -> str:
        return self.subject

    @classmethod
    def part_names(cls) -> tuple[str, ...]:
        """Return the names of the relations to blocks, for every kind of block."""
        blocks = (relation for relation in cls._meta.related_objects if issubclass(relation.related_model, Part))
        return tuple(str(relation.get_accessor_name()) for relation in blocks)

    def blocks(self) -> list[Any]:
        """Return its blocks in order: those of the draft, or of the version that it shows."""
        blocks: Any = (block for name in self.part_names() for block in getattr(self, name).all())
        return sorted(blocks, key=lambda block: (block.ordering, block.pk or 0))

    @property
    def audit_title(self) -> str:
        """Return the subject, for the audit log."""
        return self.subject

    def check_publishable(self) -> None:
        """Raise ValidationError if there is no text yet, or nobody would know who has sent it."""
        missing = [] if self.blocks() else [gettext("There is no text yet. Add a block.")]
        site = SiteSettings.current()
        if not (site.publisher_name.strip() and site.publisher_address.strip()):
            missing.append(
                gettext(
                    "Each message says who sent it. Enter who is responsible, and a postal address, in the site settings."
                )
            )
        if missing:
            raise ValidationError({NON_FIELD_ERRORS: missing})

    @property
    def is_editable(self) -> bool:
        """Return whether organisers may still change it: only a draft."""
        return self.state == self.State.DRAFT

    def as_sent(self) -> Self:
        """Return a copy that shows the version that is sent; for a draft, the draft itself."""
        if self.version is None:
            return self
        return self.as_version(Version.objects.of(type(self), self.pk).values(*READ).get(number=self.version))

    def constituency_codes(self) -> set[str] | None:
        """Return the codes of the constituencies to which it is limited, or None if it goes everywhere."""
        if self.constituency_id:
            return {self.constituency_id}
        if not self.region:
            return None
        inside = Q(region=self.region) | Q(nation=self.region)
        return set(Constituency.objects.filter(inside).values_list("code", flat=True))

    # --- The organisers' verbs. Each returns False, and changes nothing, if the state doesn't allow it.

    def submit(self, by: User) -> bool:
        """Freeze the saved draft in a version, and wait for a second organiser's approval."""
        return self._move(by, [self.State.DRAFT], self.State.WAITING, freeze=True)

    def withdraw(self, by: User | None) -> bool:
        """Make it a draft again, because the request was undone or refused, or a planned mailing was called off."""
        before = [self.State.WAITING, self.State.SCHEDULED]
        return self._move(by, before, self.State.DRAFT, version=None)

    def schedule(self, by: User | None, send_at: datetime | None = None) -> bool:
        """Plan an approved mailing for `send_at` (aware), the time that it was saved with, or now.

        When that time comes, a worker finds its recipients and sends it.
        """
        planned = send_at or self.send_at or timezone.now()
        return self._move(by, [self.State.WAITING], self.State.SCHEDULED, send_at=planned)

    def pause(self, by: User | None) -> bool:
        """Pause sending until somebody resumes it. Within two seconds, workers send no more than the message in hand.

        `by` is None if the site itself pauses it, because too many messages in a row are unknown.
        """
        return self._move(by, [self.State.SENDING], self.State.PAUSED)

    def resume(self, by: User) -> bool:
        """Continue a paused mailing, or one that the site halted. The next bounce may halt the latter again."""
        return self._move(by, [self.State.PAUSED, self.State.HALTED], self.State.SENDING, halted_because="", problem="")

    def stop(self, by: User | None) -> bool:
        """Stop it for good. Nobody who is still waiting gets it."""
        state = self.State
        before = [state.SCHEDULED, state.FILLING, state.SENDING, state.PAUSED, state.HALTED]
        return self._move(by, before, state.STOPPED, finished_at=timezone.now())

    # --- What workers and bounces do.

    def begin_filling(self) -> bool:
        """Start collecting the recipients of a planned mailing."""
        now = timezone.now()
        return self._move(None, [self.State.SCHEDULED], self.State.FILLING, started_at=now)

    def begin_sending(self) -> bool:
        """Start sending, once every recipient has a delivery."""
        return self._move(None, [self.State.FILLING], self.State.SENDING)

    def finish(self) -> bool:
        """Record that it has been sent, if nothing is waiting or being sent."""
        left = self.deliveries.filter(state__in=[Delivery.State.QUEUED, Delivery.State.CLAIMED])
        if left.exists():
            return False
        return self._move(None, [self.State.SENDING], self.State.SENT, finished_at=timezone.now())

    def halt(self, because: str) -> bool:
        """Halt sending by the site's own rule; `because` is one of `Halted`."""
        return self._move(None, [self.State.SENDING, self.State.PAUSED], self.State.HALTED, halted_because=because)

    @transaction.atomic
    def halt_if_unwelcome(self) -> bool:
        """Halt sending if too many marked it as spam or don't exist (`halting`); return whether it was halted now.

        The row is locked before counting: of several bounces at once, the last one counts them all.
        """
        self._locked()
        reason = reason_to_halt(self.statistics())
        return bool(reason) and self.halt(reason)

    def statistics(self) -> dict[str, int]:
        """Return how many people are in each state, and how many bounced, marked it as spam or unsubscribed.

        The keys are those of `Delivery.State`, `people`, `bounced` (hard), `bounced_soft`, `spam` and `unsubscribed`.
        Once the deliveries have been erased, the tally kept at that time is returned.
        """
        return dict(self.tally) if self.tally else self.counted()

    def counted(self) -> dict[str, int]:
        """Return what `statistics` does, counted from the deliveries."""
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
        """Change the state, and these facts with it, if the saved state is one of `before`; record it in the audit log.

        This object shows the saved state afterwards, whether or not it was changed.
        """
        saved = self._locked()
        if saved.state in before:
            if freeze:
                facts["version"] = saved.keep(by, str(_("To be sent"))).number
            changed = {"state": after, "facts_changed_at": timezone.now()} | facts
            type(self)._base_manager.filter(pk=self.pk).update(**changed)
            record(by, Act.STEER_MAILING, self, state=after)
        moved = saved.state in before
        self.refresh_from_db(fields=[*self.facts, "facts_changed_at"])
        return moved
