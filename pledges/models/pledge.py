"""Pledges, and how many have signed."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from campaign.approvals.models import ApprovalRequest
from campaign.media.models import first_shown
from campaign.pages.models import SiteSettings, Update
from campaign.pages.published import Published, PublishedQuerySet
from campaign.pages.shared import ShareCard
from campaign.privacy.erasures import NOBODY, Erasure, record
from campaign.public_names.models import NAMES_HIDDEN
from campaign.versions.models import Version
from pledges.goals import next_goal
from pledges.models.counts import PublishedCount, WordingCount
from pledges.signing.sign import Answers, sign
from pledges.wordings.worded import Worded

RESERVED_SLUGS = {"confirm", "manage", "unsubscribe"}


class PledgeQuerySet(PublishedQuerySet["Pledge"]):
    """Queries for pledges."""

    def with_count(self) -> Self:
        """Annotate pledges with `count` (the published count), `on_paper` (signatures on paper) and `names_hidden`."""
        sheets = self.model._default_manager.filter(pk=OuterRef("pk")).values("pk")
        paper = Subquery(sheets.annotate(total=Sum("sheets__signatures")).values("total"))
        return self.annotate(
            count=Coalesce(F("published_count__count"), 0), on_paper=Coalesce(paper, 0), names_hidden=NAMES_HIDDEN
        )

    def with_wordings(self) -> Self:
        """Add `later_counts` to pledges: the published count of each wording but the first, by its number."""
        counts = WordingCount.objects.filter(pledge=OuterRef("pk"), count__gt=0).values("pledge")
        by_number = models.Func(F("wording"), F("count"), function="jsonb_object_agg", output_field=models.JSONField())
        return self.annotate(later_counts=Subquery(counts.annotate(numbers=by_number).values("numbers")))

    def versions(self) -> models.QuerySet[Any, Any]:
        """Return, for each pledge, the time of the site's next change, its key, and everything its page depends on.

        The page depends on the version of the pledge and of the site, on when their facts and the pledge's count last
        changed, on whether the pledge has closed, on the updates about it, and on whether names are hidden.
        """
        now = timezone.now()
        pledge = Subquery(Version.objects.live(Pledge, OuterRef("pk"), now).values("pk"))
        site = Subquery(Version.objects.live(SiteSettings, 1, now).values("pk"))
        site_facts = Subquery(SiteSettings.objects.values("facts_changed_at")[:1])
        has_closed = models.Case(models.When(closes_at__lte=now, then=True), default=False)
        return self.values_list(
            *(Version.objects.next_change(now), "pk", pledge, "facts_changed_at"),
            *("published_count__updated_at", site, site_facts, has_closed, NAMES_HIDDEN),
            Update.objects.stamps_about(Pledge),
        )

    def awaiting_erasure(self, closed_before: datetime, kind: str) -> Self:
        """Return pledges that closed before then (aware) and have no request of this kind, open or done since."""
        requests = ApprovalRequest.objects.filter(kind=kind, subject=Cast(OuterRef("pk"), models.CharField()))
        settled = requests.filter(
            Q(state__in=["waiting", "agreed"]) | Q(state="done", ended_at__gt=OuterRef("closes_at"))
        )
        return self.filter(closes_at__lt=closed_before).exclude(models.Exists(settled))

    def in_front(self) -> "Pledge | None":
        """Return the pledge that organisers chose for the home page, with its count, or None if there is none."""
        return self.published().filter(on_home_page=True).with_count().first()


class Pledge(Worded):
    """A statement that people put their names to, with demands and a goal."""

    facts: ClassVar[frozenset[str]] = Published.facts | {
        "goal",
        "closes_at",
        "on_home_page",
        "share_tag",
        "takes_reasons",
    }
    parts: ClassVar[tuple[str, ...]] = ("demands", "entries", "milestones", "share_texts")
    fact_parts: ClassVar[tuple[str, ...]] = ("sheets",)

    statement = models.TextField(
        _("statement"),
        max_length=10_000,
        help_text=_(
            "Leave an empty line between paragraphs. People put their names to these words: once somebody has signed, "
            "changed words become a new wording, with the next number."
        ),
    )
    goal = models.PositiveIntegerField(_("goal"), default=1000, help_text=_("Number of signatures."))
    closes_at = models.DateTimeField(
        _("closes"),
        null=True,
        blank=True,
        help_text=_("Nobody can sign after this. Some months later, the names and addresses of signers are erased."),
    )
    on_home_page = models.BooleanField(
        _("shown on the home page"),
        default=False,
        help_text=_("Only one pledge at a time: this replaces the current one."),
    )
    takes_reasons = models.BooleanField(
        _("asks for reasons"),
        default=True,
        db_default=False,
        help_text=_(
            "People who sign in public may say why. You read each reason before visitors see it. "
            "If you untick this, no reasons are shown."
        ),
    )
    share_tag = models.ForeignKey(
        "tags.Tag",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tag for shared links"),
        help_text=_(
            "Signatures that come from links shared by visitors are counted under this tag. It is the same for "
            "everybody."
        ),
    )

    count: int  # set by `with_count`
    on_paper: int  # set by `with_count`
    names_hidden: bool  # whether the panic switch is on; set by `with_count`
    later_counts: dict[str, int] | None  # set by `with_wordings`

    objects: ClassVar = PledgeQuerySet.as_manager()

    class Meta(Worded.Meta):
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        permissions = [
            ("find_signer", _("Can look up by e-mail address or mail domain whether somebody has signed a pledge")),
            ("erase_signers", _("Can erase the signers of a closed pledge, and approve erasures")),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(goal__gt=0), name="goal_above_nought"),
            models.UniqueConstraint(
                fields=["on_home_page"], condition=models.Q(on_home_page=True), name="one_pledge_on_the_home_page"
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("pledges:sign", args=[self.slug])

    def clean(self) -> None:
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("The site needs this address itself: choose another.")})
        self._check_closing()
        self._check_home_page()

    def _check_home_page(self) -> None:
        """Raise ValidationError if a pledge that was never published would replace the one on the home page."""
        if not self.on_home_page or type(self).objects.ever_published().filter(pk=self.pk).exists():
            return
        if other := type(self).objects.filter(on_home_page=True).exclude(pk=self.pk).first():
            message = _("Publish this pledge first: until then, “%(title)s” stays on the home page.")
            raise ValidationError({"on_home_page": message % {"title": other}})

    def _check_closing(self) -> None:
        """Raise ValidationError for a new closing date that is in the past, or if an erasure depends on the old one."""
        old = type(self).objects.filter(pk=self.pk).values_list("closes_at", flat=True).first()
        if self.closes_at == old:
            return
        if self.closes_at and self.closes_at <= timezone.now():
            raise ValidationError(
                {"closes_at": _("Choose a time in the future. To close it now, enter the next minute.")}
            )
        if ApprovalRequest.objects.open_about("pledges.erase_signers", self.pk).exists():
            raise ValidationError(
                {"closes_at": _("The signers’ names are about to be erased. Undo that approval first.")}
            )

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Check all constraints except the one that `save` itself enforces."""
        super().validate_constraints(exclude={*(exclude or ()), "on_home_page"})

    @transaction.atomic
    def save(self, **kwargs: Any) -> None:
        """Replace the pledge on the home page, if this one is to be shown there."""
        if self.on_home_page:
            others = type(self).objects.filter(on_home_page=True).exclude(pk=self.pk)
            others.update(on_home_page=False, updated_at=timezone.now(), facts_changed_at=timezone.now())
        super().save(**kwargs)

    def share_card(self, site: Any) -> ShareCard:
        """Return the card for shared links, with the pledge's own picture or, without one, a picture of the count."""
        card = super().share_card(site)
        if first_shown(self.share_picture):
            return card
        return replace(card, picture=None, own_picture=reverse("pledges:picture", args=[self.slug]))

    @property
    def is_open(self) -> bool:
        """Return whether visitors can sign the pledge now. A draft is never open. (`sign` asks the database.)"""
        return self.is_on_site and not self.has_closed

    @property
    def current_goal(self) -> int:
        """Return the goal that visitors see, for a pledge loaded `with_count`."""
        return next_goal(self.count, self.goal)

    @property
    def count_in_words(self) -> str:
        """Return "1,234 signatures" for a pledge loaded `with_count`, counting people and organisations alike."""
        words = ngettext("%(shown)s signature", "%(shown)s signatures", self.count)
        return words % {"shown": intcomma(self.count)}

    @property
    def goal_in_words(self) -> str:
        """Return "Goal: 2,000" for a pledge loaded `with_count`."""
        return gettext("Goal: %(aim)s") % {"aim": intcomma(self.current_goal)}

    @property
    def closing_in_words(self) -> str:
        """Return "Closes on 31 December 2026", "Closed on ...", or "" if it has no closing date.

        The day is the last on which it can be signed, by the site's clock: midnight belongs to the day that it ends.
        """
        if self.closes_at is None:
            return ""
        day = date_format(timezone.localtime(self.closes_at - timedelta(microseconds=1)), "j F Y")
        words = gettext("Closed on %(day)s") if self.has_closed else gettext("Closes on %(day)s")
        return words % {"day": day}

    @property
    def has_closed(self) -> bool:
        """Return whether its closing date has passed."""
        return self.closes_at is not None and self.closes_at <= timezone.now()

    @property
    def erasure_due_at(self) -> datetime | None:
        """Return when its signers' names and addresses are due to be erased (aware), or None without a closing date."""
        return self.closes_at and self.closes_at + timedelta(days=settings.KEEP_AFTER_CLOSE_DAYS)

    @transaction.atomic
    def erase_signers(self) -> int:
        """Erase its signers, and record that in the journal of erasures. Return how many were still known."""
        record(Erasure(timezone.now(), "closed", str(self.pk), NOBODY))
        erased = self.signatures.all().erase_personal_data()
        # This comes last, as in everything that changes one signature. Otherwise, two transactions could deadlock.
        self.touch_published_count()
        return erased

    def touch_published_count(self) -> None:
        """Mark the pledge's pages as changed, because a name may have to disappear from them."""
        PublishedCount.objects.filter(pledge=self).update(updated_at=timezone.now())

    @classmethod
    def sign(cls, slug: str, answers: Answers) -> bool:
        """Store a signature and its message. Return whether an open pledge has this slug and ever had this wording."""
        return sign(slug, answers, timezone.now())
