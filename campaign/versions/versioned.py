"""Content whose rows are the organisers' draft. Visitors see the version that was last published."""

from collections.abc import Callable, Iterator
from copy import copy
from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Subquery, Value
from django.db.models.functions import Now
from django.db.models.query import ModelIterable
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from campaign.versions.freezing import Content, Shape, freeze, thaw
from campaign.versions.live_version import READ, IsLive, LiveVersion
from campaign.versions.models import Version
from campaign.versions.problems import NotReadyError, problems


class AsPublished(ModelIterable):
    """An iterable of rows, each filled in from its live version."""

    def __iter__(self) -> Iterator[Any]:
        for row in super().__iter__():
            row.show_version(row.live_version)
            yield row


class VersionedQuerySet(models.QuerySet):
    """Queries for content with versions."""

    def published(self) -> Self:
        """Return the objects that visitors may see now, each filled in from its live version, in one query.

        Filter and order by facts only: every other column belongs to the draft.
        """
        return self.published_at(timezone.now())

    def published_at(self, moment: datetime) -> Self:
        """Return the objects that visitors could see at `moment` (aware), as `published` does."""
        rows = self.filter(IsLive(self.model, moment)).annotate(live_version=LiveVersion(self.model, moment))
        rows._iterable_class = AsPublished  # private, and has been the same since 2016
        return rows

    def with_state(self) -> Self:
        """Annotate each draft with `is_live`, when its newest version was made, and when its next version goes live."""
        now = timezone.now()
        versions = Version.objects.filter(model=self.model._meta.label_lower, object_id=OuterRef("pk"))
        newest = versions.filter(cancellation=None, live_at__isnull=False).order_by("-number")
        return self.annotate(
            is_live=IsLive(self.model, now),
            newest_made_at=Subquery(newest.values("made_at")[:1]),
            goes_live_at=Subquery(versions.scheduled(now).values("live_at")[:1]),
        )

    def with_next_change(self) -> Self:
        """Annotate each draft with `next_change`: when any version next goes live or expires, or NULL if never."""
        return self.annotate(next_change=Version.objects.next_change(timezone.now()))

    def ever_published(self) -> Self:
        """Return the drafts of objects that visitors have ever been able to see."""
        return self.filter(Exists(Version.objects.of(self.model, OuterRef("pk")).begun(timezone.now())))


class Versioned(models.Model):
    """Content whose rows are the draft.

    Publishing freezes the row and its parts in a version, and visitors read versions only. Fields named in `facts` are
    not part of a version: visitors see them as soon as they are saved. The same is true of the relations in
    `fact_parts`.
    """

    facts: ClassVar[frozenset[str]] = frozenset()
    parts: ClassVar[tuple[str, ...]] = ()
    fact_parts: ClassVar[tuple[str, ...]] = ()
    published_by_two: ClassVar[bool] = False  # True if this kind always needs two organisers, whatever owners choose
    # Functions that change an older version's content in place: the first turns schema 1 into schema 2, and so on.
    upgrades: ClassVar[tuple[Callable[[Content], None], ...]] = ()

    updated_at = models.DateTimeField(_("last changed"), auto_now=True)
    draft_changed_at = models.DateTimeField(
        _("draft last changed"), default=timezone.now, db_default=Now(), editable=False
    )
    facts_changed_at = models.DateTimeField(
        _("facts last changed"), default=timezone.now, db_default=Now(), editable=False
    )

    version_number: int | None = None  # of the version shown, or None for the draft
    version_expires_at: datetime | None = None  # when that version disappears, or None if never
    live_version: Any  # set by `published`
    is_live: bool  # set by `with_state`, as are the next two
    newest_made_at: datetime | None
    goes_live_at: datetime | None
    next_change: datetime | None  # set by `with_next_change`

    class Meta:
        abstract = True

    def save(self, **kwargs: Any) -> None:
        """Save the draft. Raises TypeError for an object that shows a version, which would overwrite the draft."""
        if self.version_number is not None:
            raise TypeError("This is a published version, not the draft.")
        if "update_fields" not in kwargs:
            self._note_what_changed()
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        """Return the address of the page on which visitors see this object."""
        raise NotImplementedError

    @classmethod
    def label_of_row(cls, path: str = "") -> Any:
        """Return an SQL expression for the kind of the row that `path` leads to, such as "pages.page"."""
        return Value(cls._meta.label_lower)

    @classmethod
    def part_names(cls) -> tuple[str, ...]:
        """Return the names of the relations whose rows belong to a version."""
        return cls.parts

    def _note_what_changed(self) -> None:
        """Record when the draft's own fields or its facts last changed, by comparing them with the saved row."""
        saved = type(self)._base_manager.filter(pk=self.pk).first() if self.pk else None
        now = timezone.now()
        for field in self._meta.concrete_fields:
            if saved is None or getattr(saved, field.attname) != getattr(self, field.attname):
                if field.name in self.facts:
                    self.facts_changed_at = now
                elif field.editable:
                    self.draft_changed_at = now

    def show_version(self, data: dict[str, Any]) -> None:
        """Show a version instead of the draft; `data` contains the columns that `READ` names."""
        thaw(self, data["content"], data["schema"])
        self.updated_at = max(filter(None, [_moment(data["live_at"]), self.facts_changed_at]))
        self.version_number, self.version_expires_at = data["number"], _moment(data["expires_at"])

    @property
    def shows_live_version(self) -> bool:
        """Return whether this object shows a version that has not expired; False for the draft."""
        expires_at = self.version_expires_at
        return self.version_number is not None and (expires_at is None or expires_at > timezone.now())

    def as_published(self) -> Self:
        """Return the object as it was last published, even if it has since expired or been taken off the site.

        If it has never been published, return the draft.
        """
        newest = Version.objects.of(type(self), self.pk).begun(timezone.now()).values(*READ).first()
        if newest is None or self.version_number is not None:
            return self
        return self.as_version(newest)

    def as_version(self, data: dict[str, Any]) -> Self:
        """Return a copy that shows a version; `data` is as for `show_version`."""
        shown = copy(self)
        shown.__dict__.pop("_prefetched_objects_cache", None)  # the copy would share this cache with the original
        shown.show_version(data)
        return shown

    def freeze(self) -> Content:
        """Return the saved draft and its parts as the content of a version."""
        return freeze(self, Shape(self.facts, self.part_names(), self.fact_parts))

    @transaction.atomic
    def publish(
        self,
        by: User | None = None,
        live_at: datetime | None = None,
        expires_at: datetime | None = None,
        note: str = "",
        check: bool = True,
    ) -> Version:
        """Freeze the saved draft in a version that goes live now, or at `live_at`, until `expires_at` (both aware).

        Raises NotReadyError if anything is missing or wrong, unless `check` is False.
        """
        draft = self._locked()
        if check and (found := problems(draft)):
            raise NotReadyError(found)
        return draft._freeze(by, live_at=live_at or timezone.now(), expires_at=expires_at, note=note)

    @transaction.atomic
    def keep(self, by: User | None, note: str) -> Version:
        """Freeze the saved draft in a version that never goes live, so that it can be restored."""
        return self._locked()._freeze(by, note=note)

    def _locked(self) -> Self:
        """Return the saved draft, locked so that nobody else can save it until the transaction ends.

        People who sign a pledge don't have to wait, because the lock doesn't block foreign keys to the row.
        """
        return type(self)._base_manager.select_for_update(no_key=True).get(pk=self.pk)

    def _freeze(self, by: User | None, **values: Any) -> Version:
        return Version.objects.create(
            model=self._meta.label_lower,
            object_id=self.pk,
            number=Version.objects.next_number(type(self), self.pk),
            title=str(self)[:150],
            content=self.freeze(),
            schema=len(self.upgrades) + 1,
            author_id=by.pk if by else None,
            author=by.get_username() if by else "",
            **values,
        )


def _moment(value: datetime | str | None) -> datetime | None:
    """Return a time from a query, parsed if it came as part of JSON."""
    return parse_datetime(value) if isinstance(value, str) else value


class Part(models.Model):
    """A part of an object with versions, such as a demand of a pledge. Changing a part changes the whole."""

    whole: ClassVar[str]  # the name of the foreign key
    is_fact: ClassVar[bool] = False  # whether visitors see it as soon as it is saved
    of_version = False  # whether this part belongs to a version rather than to the draft

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, **kwargs: Any) -> None:
        """Save the part. Raises TypeError for a part of a published version.

        The whole is updated first, which locks it, so publishing at the same time includes all of this change or none.
        """
        self._check_draft()
        self._touch_whole()
        super().save(**kwargs)

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the part. Raises TypeError for a part of a published version."""
        self._check_draft()
        self._touch_whole()
        return super().delete(*args, **kwargs)

    def _check_draft(self) -> None:
        if self.of_version:
            raise TypeError("This is part of a published version, not of the draft.")

    def _touch_whole(self) -> None:
        field: Any = self._meta.get_field(self.whole)
        now = timezone.now()
        changed = "facts_changed_at" if self.is_fact else "draft_changed_at"
        wholes = field.related_model._base_manager.filter(pk=getattr(self, field.attname))
        wholes.update(**{"updated_at": now, changed: now})
