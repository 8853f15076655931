"""The base of pictures and documents: their files, addresses and withdrawal."""

import secrets
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.media.uses import uses_of

IN_USE = _("It is in use, so it can’t be deleted.")


def new_key() -> str:
    """Return 22 random characters (128 bits), which nobody can guess."""
    return secrets.token_urlsafe(16)


def delete_folder(key: str) -> None:
    """Delete the files of one row from the storage, if there are any."""
    try:
        _folders, names = default_storage.listdir(key)
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(f"{key}/{name}")
    default_storage.delete(key)


class LibraryQuerySet(models.QuerySet["LibraryFile"]):
    """Queries for pictures and documents."""

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete each row with its files. Raises ProtectedError if any row is in use."""
        total = 0
        with transaction.atomic():
            for file in self:
                total += file.delete()[0]
        return total, {self.model._meta.label: total}


class LibraryFile(models.Model):
    """A stored file with an address that nobody can guess.

    A file can be withdrawn even if versions show it: it is hidden first, and its contents are deleted once a second
    organiser has approved. The row stays, so that the versions can still be shown.
    """

    kept_for_versions: ClassVar[bool] = True  # a version that shows the file counts as a use
    key = models.CharField(max_length=22, unique=True, default=new_key, editable=False)
    added_at = models.DateTimeField(_("added"), auto_now_add=True, db_index=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    withdrawal_reason = models.CharField(
        _("reason for the withdrawal"), max_length=200, blank=True, default="", db_default="", editable=False
    )

    objects = LibraryQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering: ClassVar = ["-added_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | models.Q(hidden_at__isnull=False),
                name="withdrawn_%(class)s_is_hidden",
            )
        ]

    @property
    def is_hidden(self) -> bool:
        """Return whether visitors can't open the file, because it is withdrawn or an organiser has requested that."""
        return self.hidden_at is not None

    def hide(self, now: datetime) -> None:
        """Hide the file from visitors from `now` (aware)."""
        self._update(hidden_at=now)

    def show(self) -> None:
        """Reverse `hide`."""
        self._update(hidden_at=None)

    def withdraw(self, reason: str, now: datetime) -> None:
        """Permanently delete the file's contents from storage, and record `now` (aware) and the reason. The row stays.

        Storage errors are passed on. Some of the contents may then remain.
        """
        delete_folder(self.key)
        self._update(hidden_at=self.hidden_at or now, withdrawn_at=now, withdrawal_reason=reason)

    def _update(self, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=[*fields])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row and, once that is committed, its files. Raises ProtectedError if the file is in use."""
        if uses_of(self):
            raise models.ProtectedError(str(IN_USE), {self})
        deleted = super().delete(*args, **kwargs)
        transaction.on_commit(partial(delete_folder, self.key), robust=True)
        return deleted

    def path_of(self, name: str) -> str:
        """Return the path in the storage of one of the row's files."""
        return f"{self.key}/{name}"

    def url(self, name: str) -> str:
        """Return the address of one of the row's files."""
        return reverse("media", args=[self.key, name])
