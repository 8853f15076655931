"""Queries for the parts of the ledger that visitors may see at any moment. Every public page uses them.

An entry becomes public when another organiser has checked it. A claim against a company also needs evidence, a notice
that has been delivered, the end of the time to reply, and the approval of two organisers. All these steps are entries
themselves, so the entries recorded by a past moment show what was public then.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from actions.businesses.models.kinds import CLAIMS, CORRECTED_AT_ONCE, DECIDING, MAY_BE_EVIDENCE, RECORDED, Kind

THIS = OuterRef("pk")  # the entry that the outer query reads


class EntryQuerySet(models.QuerySet):
    """Queries for entries. `moment` is aware; anything recorded later is ignored."""

    model: Any

    def recorded_by(self, moment: datetime) -> Self:
        """Return the entries that had been recorded by this moment."""
        return self.filter(recorded_at__lte=moment)

    def steps(self, kind: Kind, moment: datetime, about: Any = THIS) -> Self:
        """Return the steps of this kind about an entry, without any that had been corrected by this moment."""
        corrected = self.model.objects.filter(corrects=OuterRef("pk"), recorded_at__lte=moment)
        steps = self.model.objects.filter(about=about, kind=kind, recorded_at__lte=moment)
        return steps.exclude(Exists(corrected)) if kind in CORRECTED_AT_ONCE else steps

    def delivered_notices(self, moment: datetime, about: Any = THIS) -> Self:
        """Return the notices about an entry that had been delivered.

        A notice that an organiser delivered counts only once another has checked it.
        """
        checked = Exists(self.model.objects.filter(about=OuterRef("pk"), kind=Kind.CHECK, recorded_at__lte=moment))
        return self.steps(Kind.NOTICE, moment, about).filter(Q(notice__isnull=False) | Q(checked))

    def ended_notices(self, moment: datetime, about: Any = THIS) -> Self:
        """Return the delivered notices about an entry whose time to reply was over."""
        return self.delivered_notices(moment, about).filter(until__lt=timezone.localdate(moment))

    def checked(self, moment: datetime) -> Self:
        """Return the entries recorded by organisers that another organiser had checked."""
        return self.recorded_by(moment).filter(Exists(self.steps(Kind.CHECK, moment)), kind__in=RECORDED)

    def is_hidden(self, moment: datetime) -> Exists:
        """Return the condition that an entry was hidden while organisers examined a complaint about it."""
        steps = self.model.objects.filter(recorded_at__lte=moment)
        shown_again = steps.filter(about=OuterRef("about"), kind=Kind.SHOWN, pk__gt=OuterRef("pk"))
        return Exists(steps.filter(about=OuterRef("pk"), kind=Kind.HIDDEN).exclude(Exists(shown_again)))

    def released(self, moment: datetime) -> Self:
        """Return the entries that had become public and weren't hidden, including those corrected since."""
        fair = Exists(self.ended_notices(moment)) & Exists(self.steps(Kind.PUBLICATION, moment))
        evident = ~Q(evidence_url="") | Q(document__isnull=False)
        shown = self.checked(moment).exclude(self.is_hidden(moment), kind__in=CLAIMS)
        return shown.filter(~Q(kind__in=CLAIMS) | Q(fair) & evident)

    def corrections(self, moment: datetime) -> Self:
        """Return the corrections of an entry that had taken effect."""
        checked = Exists(self.model.objects.filter(about=OuterRef("pk"), kind=Kind.CHECK, recorded_at__lte=moment))
        at_once = Q(corrects__kind__in=CORRECTED_AT_ONCE)
        made = self.model.objects.filter(corrects=OuterRef("pk"), recorded_at__lte=moment, corrects__isnull=False)
        return made.filter(at_once | Q(checked)).order_by("recorded_at", "pk")

    def checked_retractions(self, moment: datetime) -> Self:
        """Return the retractions of an entry that another organiser had checked."""
        made = self.model.objects.filter(corrects=OuterRef("pk"), kind=Kind.RETRACTION, recorded_at__lte=moment)
        return made.filter(Exists(self.steps(Kind.CHECK, moment))).order_by("recorded_at", "pk")

    def uncorrected(self, moment: datetime) -> Self:
        """Return the entries that no correction had replaced."""
        return self.exclude(Exists(self.corrections(moment)))

    def public(self, moment: datetime) -> Self:
        """Return the entries that were public and had not been corrected."""
        return self.released(moment).uncorrected(moment)

    def first_recorded(self, entries: Iterable[Any]) -> dict[int, datetime]:
        """Return a dictionary from each entry's key to the time at which it, or what it corrects, was first recorded.

        A correction may correct another correction; the time is then that of the first entry in the chain. This takes
        one query if any of the entries is a correction, and none otherwise.
        """
        first = {entry.pk: entry.recorded_at for entry in entries}
        earlier = {entry.pk: entry.corrects_id for entry in entries if entry.corrects_id}
        brands = {entry.brand_id for entry in entries if entry.corrects_id}
        columns = ("pk", "corrects", "corrects__recorded_at")
        made = self.model.objects.filter(brand__in=brands, corrects__isnull=False).values_list(*columns)
        corrections = {pk: (corrects, at) for pk, corrects, at in made} if earlier else {}
        for pk in earlier:
            key = pk
            while key in corrections:
                key, first[pk] = corrections[key]
        return first

    def replies_since(self, entry: Any, moment: datetime) -> Self:
        """Return the brand's replies since an entry, or since the first entry that it corrects, oldest first.

        They include unchecked replies. Replies to an entry stay beside its correction.
        """
        since = self.first_recorded([entry])[entry.pk]
        replies = self.recorded_by(moment).filter(kind=Kind.REPLY, recorded_at__gte=since)
        return replies.order_by("happened_on", "recorded_at", "pk")

    def replies_to(self, entry: Any, moment: datetime) -> Self:
        """Return the public replies since an entry, oldest first. Pages show them beside it, at the same size."""
        return self.public(moment) & self.replies_since(entry, moment)

    def replies_waiting(self, moment: datetime) -> Self:
        """Return the replies that had arrived but that organisers hadn't yet checked, published or refused."""
        arrived = self.recorded_by(moment).filter(kind__in=[Kind.REPLY, Kind.RECEIVED])
        return arrived.exclude(Exists(self._dealt_with(moment))).uncorrected(moment)

    def timeline(self, moment: datetime) -> Self:
        """Return what visitors saw, newest first: public entries, including corrected ones, and redacted entries.

        Each has `corrected_at` and `correction_id`, or None.
        """
        redacted = self.recorded_by(moment).filter(Exists(self.steps(Kind.CHECK, moment)), kind=Kind.REDACTED)
        first = self.corrections(moment)
        shown = self.filter(Q(pk__in=self.released(moment).values("pk")) | Q(pk__in=redacted.values("pk")))
        marked = shown.annotate(
            corrected_at=Subquery(first.values("recorded_at")[:1]), correction_id=Subquery(first.values("pk")[:1])
        )
        return marked.select_related("document").order_by("-happened_on", "-recorded_at", "-pk")

    def evidence_waiting(self, moment: datetime) -> Self:
        """Return what a brand had sent that organisers hadn't dealt with, and that may show that it kept its word.

        It is either evidence, checked or not, that the commitment (the outer query's) was kept, or a reply, however
        old, that nobody had checked, published or refused. A correction of any of them counts once another organiser
        has checked it.
        """
        replies = [Kind.REPLY, Kind.RECEIVED]
        since = Q(kind__in=replies) | Q(happened_on__gte=OuterRef("happened_on"))
        sent = self.model.objects.recorded_by(moment).filter(
            since, brand=OuterRef("brand_id"), kind__in=MAY_BE_EVIDENCE
        )
        return sent.exclude(Exists(self._dealt_with(moment)), kind__in=replies).uncorrected(moment)

    def _dealt_with(self, moment: datetime) -> Self:
        """Return the steps by which organisers had checked an entry, or had published or refused a reply."""
        return self.model.objects.recorded_by(moment).filter(about=THIS, kind__in=[Kind.CHECK, Kind.DECIDED])

    def deciding(self, moment: datetime) -> Self:
        """Return the public entry that decides each brand's status.

        Each entry has `deadline` (None without one), `window_ended` (whether a notice about the deadline was delivered
        and the time to reply is over) and `evidence_waits` (whether the company has sent something that organisers
        haven't dealt with).
        """
        deadline = self.steps(Kind.DEADLINE, moment).order_by("-recorded_at", "-pk")
        annotated = self.public(moment).annotate(
            deadline=Subquery(deadline.values("until")[:1]),
            window_ended=Exists(self.ended_notices(moment)),
            evidence_waits=Exists(self.evidence_waiting(moment)),
        )
        newest = annotated.filter(kind__in=DECIDING).order_by("brand_id", "-happened_on", "-recorded_at", "-pk")
        return newest.distinct("brand_id")

    def last_asked(self, moment: datetime) -> Self:
        """Return the newest public letter or reminder to each brand."""
        asked = self.public(moment).filter(kind__in=[Kind.LETTER, Kind.REMINDER])
        return asked.order_by("brand_id", "-happened_on", "-recorded_at", "-pk").distinct("brand_id")

    def for_organisers(self, now: datetime) -> Self:
        """Return the entries except checks, newest first, each with `is_checked`, `is_public` and `corrected_at`."""
        first = self.corrections(now)
        marked = self.annotate(
            is_checked=Exists(self.steps(Kind.CHECK, now)),
            is_public=Exists(self.model.objects.public(now).filter(pk=OuterRef("pk"))),
            corrected_at=Subquery(first.values("recorded_at")[:1]),
        )
        return marked.exclude(kind=Kind.CHECK).order_by("-happened_on", "-recorded_at", "-pk")

    def to_check(self, now: datetime) -> Self:
        """Return the entries that another organiser has to check, oldest first.

        Redacted and corrected entries need no check, nor do notices that the site mailed. `now` is aware.
        """
        waiting = Q(kind__in=[*RECORDED, Kind.RETRACTION]) | Q(kind=Kind.NOTICE, notice=None)
        unchecked = self.filter(waiting, is_example=False).exclude(Exists(self.steps(Kind.CHECK, now)))
        corrected = self.model.objects.filter(corrects=OuterRef("pk"))
        return unchecked.exclude(Exists(corrected)).order_by("pk")

    def to_publish(self, now: datetime) -> Self:
        """Return the unpublished claims to which the company has had time to reply. `now` is aware."""
        claims = self.filter(kind__in=CLAIMS).checked(now).uncorrected(now)
        ended = claims.filter(Exists(self.ended_notices(now)), is_example=False)
        return ended.exclude(Exists(self.steps(Kind.PUBLICATION, now))).order_by("recorded_at", "pk")

    def deadlines_until(self, day: date, now: datetime) -> list[Any]:
        """Return the commitments whose deadline is between `now` (aware) and `day`, soonest first.

        Each has `is_noticed`: whether a notice about its deadline has been delivered.
        """
        today = timezone.localdate(now)
        soon = self.model.objects.filter(kind=Kind.DEADLINE, until__range=(today, day), is_example=False)
        found: Any = self.filter(brand__in=soon.values("brand")).deciding(now).select_related("brand")
        found = found.annotate(is_noticed=Exists(self.delivered_notices(now)))
        return sorted(
            (entry for entry in found if entry.deadline and today <= entry.deadline <= day),
            key=lambda entry: (entry.deadline, entry.pk),
        )
