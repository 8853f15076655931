"""Updates: dated posts on the site."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Min, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat, ExtractYear, JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.media.models import Picture, first_shown
from campaign.pages import embeds
from campaign.pages.models.page import Page, PageQuerySet
from campaign.versions.models import Version
from campaign.versions.problems import NotReadyError, Problem

TOO_EARLY = _("The date is in the future. Change it, or press “Publish later…” and choose that day or a later one.")
MAX_YEARS = 50
SHOWN_WITH_SUBJECT = 3  # on the page of the pledge, or other object, that they are about


class UpdateQuerySet(PageQuerySet):
    """Queries for updates."""

    def published(self) -> Self:
        """Return the updates that visitors may see, newest first."""
        return super().published().select_related("picture").order_by("-posted_on", "-pk")

    def newest(self, number: int) -> Self:
        """Return up to `number` updates, newest first."""
        return self.order_by("-posted_on", "-pk")[:number]

    def about(self, row: models.Model) -> Self:
        """Return the updates about an object, such as a pledge."""
        return self.filter(about=embeds.target_of(row))

    def shown_with(self, row: models.Model) -> Self:
        """Return the newest published updates about an object, for its page."""
        return self.published().about(row).newest(SHOWN_WITH_SUBJECT)

    def stamps_about(self, model: type[models.Model]) -> ArraySubquery:
        """Return an SQL expression whose value changes when the updates on the page of a row of `model` change.

        It covers the newest `SHOWN_WITH_SUBJECT`, which are those that the page shows.
        """
        live = Version.objects.live(self.model, OuterRef("pk"), timezone.now()).values("pk")
        about = Concat(Value(f"{model._meta.label_lower}:"), Cast(OuterRef("pk"), models.CharField()))
        newest = self.published().filter(about=about).newest(SHOWN_WITH_SUBJECT)
        return ArraySubquery(newest.values(stamp=JSONObject(key="pk", at="facts_changed_at", version=Subquery(live))))

    def of_year(self, year: int) -> Self:
        """Return the updates dated in this year."""
        return self.filter(posted_on__year=year)

    def years(self) -> list[tuple[int, int]]:
        """Return each year that has published updates, with the number of updates, newest first."""
        found = self.published().order_by().annotate(year=ExtractYear("posted_on")).values("year")
        return list(found.annotate(number=Count("pk")).order_by("-year").values_list("year", "number")[:MAX_YEARS])

    def with_first_day(self) -> Self:
        """Add `first_live_at` to each update: when visitors could first see it."""
        begun = Version.objects.of(self.model, OuterRef("pk")).begun(timezone.now())
        first = begun.order_by().values("object_id").annotate(first=Min("live_at")).values("first")
        return self.annotate(first_live_at=Subquery(first))


class UpdateManager(models.Manager.from_queryset(UpdateQuerySet)):  # type: ignore[misc]
    """The manager of updates. It leaves out pages."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(posted_on__isnull=False)


class Update(Page):
    """A dated post. It is a page with a date: see `Page` for its columns."""

    url_name: ClassVar[str] = "update"
    first_live_at: datetime  # set by `with_first_day`

    objects: ClassVar = UpdateManager()

    class Meta:
        proxy = True
        ordering = ["-posted_on", "-pk"]
        base_manager_name = "objects"  # so that lists of drafts of updates never contain pages
        verbose_name = _("update")
        verbose_name_plural = _("updates")

    def save(self, **kwargs: Any) -> None:
        """Save the draft. Give an update without a date today's date: otherwise it would be a page."""
        self.posted_on = self.posted_on or timezone.localdate()
        super().save(**kwargs)

    def clean(self) -> None:
        """Raise ValidationError if the date would be in the future when visitors see it."""
        super().clean()
        is_early = self.posted_on and self.posted_on > timezone.localdate()
        if is_early and Version.objects.live(Update, self.pk or 0, timezone.now()).exists():
            raise ValidationError({"posted_on": _("Visitors see this update, so its date can’t be in the future.")})

    def publish(
        self,
        by: User | None = None,
        live_at: datetime | None = None,
        expires_at: datetime | None = None,
        note: str = "",
        check: bool = True,
    ) -> Version:
        """Publish the saved draft. Raises NotReadyError, unless `check` is False, if it goes live before its date."""
        if check and self.posted_on and self.posted_on > timezone.localdate(live_at):
            raise NotReadyError([Problem(str(_("date")), str(TOO_EARLY), "id_posted_on")])
        return super().publish(by, live_at, expires_at, note, check)

    def first_picture(self) -> Picture | None:
        """Return the update's picture or, if visitors may not see one, the first picture in its blocks."""
        return first_shown(self.picture) or super().first_picture()

    @property
    def shown_picture(self) -> Picture | None:
        """Return the update's picture if visitors may see it, or None."""
        return first_shown(self.picture)

    def subject(self) -> Any:
        """Return the published object that the update is about, or None."""
        return embeds.published([self.about]).get(self.about) if self.about else None

    def neighbours(self) -> tuple[Self | None, Self | None]:
        """Return the published updates before and after this one, with None where there is none."""
        others = Update.objects.published()
        earlier = models.Q(posted_on=self.posted_on, pk__lt=self.pk) | models.Q(posted_on__lt=self.posted_on)
        later = models.Q(posted_on=self.posted_on, pk__gt=self.pk) | models.Q(posted_on__gt=self.posted_on)
        return others.filter(earlier).first(), others.filter(later).order_by("posted_on", "pk").first()
