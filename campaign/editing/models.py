"""Text that organisers have typed but not saved, and forms that they have open."""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# A form reports every 20 seconds that it is still open: see static/editor.js.
SEEN_WITHIN = timedelta(seconds=65)
BUTTONS = {"_continue", "_check", "_schedule", "_publish"}
# Posted names that are not content. `checked_by` names the person who checked a translation, and `contact` is the
# address of somebody at a company: their own columns are encrypted, but unsaved text is not.
NOT_KEPT = {"csrfmiddlewaretoken", "form_id", "edition", "checked_by", "contact", "_popup", "_to_field", *BUTTONS}
MAX_KEPT = 2_000_000  # characters
MAX_COPIES = 10  # for one organiser and one object, or for one organiser's new objects of one kind


class TooLongError(Exception):
    """A form contains more than `MAX_KEPT` characters."""


class FormQuerySet(models.QuerySet[Any]):
    """Queries for forms that organisers have open."""

    def about(self, model: type[models.Model], object_id: int | None) -> Self:
        """Return the forms for one object, or for new objects if `object_id` is None."""
        return self.filter(model=model._meta.label_lower, object_id=object_id)


class OpenForm(models.Model):
    """A form that an organiser has open. `form_id` is made with the form, and the browser sends it back."""

    form_id = models.UUIDField()
    organiser = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    model = models.CharField(max_length=60)  # such as "pages.page"
    object_id = models.BigIntegerField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"


class PresenceQuerySet(FormQuerySet):
    """Queries for the forms that are open now."""

    def now(self, now: datetime) -> Self:
        """Return the forms last seen open no more than `SEEN_WITHIN` before `now` (aware)."""
        return self.filter(seen_at__gt=now - SEEN_WITHIN)

    def names_of_others(self, model: type[models.Model], object_id: int | None, organiser: User) -> list[str]:
        """Return the names of other organisers who have the object's form open now, at most 20."""
        others = self.about(model, object_id).now(timezone.now()).exclude(organiser=organiser)
        users = User.objects.filter(pk__in=others.values("organiser")).order_by("username")
        return [user.get_full_name() or user.get_username() for user in users[:20]]


class Presence(OpenForm):
    """An open form: who has it open, when its page last reported that, and what it last saved."""

    seen_at = models.DateTimeField(default=timezone.now)
    saved = models.CharField(max_length=64, blank=True)  # see `digest_of`

    objects: ClassVar = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("open form")
        verbose_name_plural = _("open forms")
        constraints = [models.UniqueConstraint(fields=["form_id", "organiser"], name="one_presence_a_form")]
        indexes = [models.Index(fields=["model", "object_id", "seen_at"], name="presence_of_object")]

    @classmethod
    def note(cls, form_id: UUID, organiser: User, **about: Any) -> None:
        """Note that the form is still open."""
        about |= {"seen_at": timezone.now()}
        cls.objects.update_or_create(form_id=form_id, organiser=organiser, defaults=about)

    @classmethod
    def locked(cls, form_id: UUID, organiser: User, **about: Any) -> Self:
        """Return the row of a form, locked until the transaction ends, so that a second click waits for the first."""
        rows = cls.objects.select_for_update()
        return rows.get_or_create(form_id=form_id, organiser=organiser, defaults=about)[0]

    def note_saved(self, object_id: int, digest: str) -> None:
        """Note which object the form has saved, and the digest of what was posted."""
        self.object_id, self.saved = object_id, digest
        self.save(update_fields=["object_id", "saved"])


class WorkingCopyQuerySet(FormQuerySet):
    """Queries for unsaved text."""

    def of(self, organiser: User) -> Self:
        """Return the unsaved text of one organiser."""
        return self.filter(organiser=organiser)

    def newest(self, model: type[models.Model], object_id: int | None, organiser: User) -> "WorkingCopy | None":
        """Return this organiser's newest unsaved text for the object's form, or None."""
        return self.about(model, object_id).of(organiser).order_by("-saved_at").first()

    def forget_all_but_newest(self) -> None:
        """Delete all but the newest `MAX_COPIES` rows."""
        self.filter(pk__in=list(self.order_by("-saved_at").values_list("pk", flat=True)[MAX_COPIES:])).delete()


class WorkingCopy(OpenForm):
    """Text that an organiser has typed into a form but not saved, kept every few seconds. Nobody else can see it."""

    data = models.JSONField(default=list)  # pairs of a field's name and its value, as posted
    edition = models.CharField(max_length=40, blank=True)  # the edition that the form began with: see `conflicts`
    saved_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = WorkingCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("unsaved text")
        verbose_name_plural = _("unsaved texts")
        constraints = [models.UniqueConstraint(fields=["form_id", "organiser"], name="one_working_copy_a_form")]
        indexes = [models.Index(fields=["model", "object_id", "organiser"], name="working_copy_of_object")]

    def as_post(self) -> QueryDict:
        """Return the form as it would be posted."""
        post = QueryDict(mutable=True)
        for name, value in self.data:
            post.appendlist(name, value)
        return post

    @classmethod
    def keep(cls, form_id: UUID, organiser: User, post: QueryDict, **about: Any) -> None:
        """Keep a form's text in place of what was kept before. Raises TooLongError above `MAX_KEPT` characters."""
        pairs = [(name, text) for name, texts in post.lists() for text in texts if name not in NOT_KEPT]
        data = [[storable(name), storable(text)] for name, text in pairs]
        if sum(len(name) + len(text) for name, text in data) > MAX_KEPT:
            raise TooLongError
        values = about | {"data": data, "edition": storable(post.get("edition", ""))[:40], "saved_at": timezone.now()}
        _row, is_new = cls.objects.update_or_create(form_id=form_id, organiser=organiser, defaults=values)
        if is_new:
            cls.objects.of(organiser).filter(**about).forget_all_but_newest()


def storable(text: str) -> str:
    """Return a text that PostgreSQL can store in JSON, with NULs removed and lone surrogates replaced."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def digest_of(post: QueryDict) -> str:
    """Return the SHA-256 digest, in hex, of a posted form and the button that was pressed."""
    pairs = sorted((name, texts) for name, texts in post.lists() if name != "csrfmiddlewaretoken")
    return sha256(json.dumps(pairs).encode()).hexdigest()
