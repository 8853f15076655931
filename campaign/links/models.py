"""Redirects from the former addresses of pages, and the results of checking links to other sites."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, Self
from urllib.parse import urlsplit

from django.apps import apps
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.urls import is_valid_path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

MAX_PARTS = 4
MAX_PATH = 200
MAX_URL = 1000
DAYS_TO_BREAK = 3


class RedirectQuerySet(models.QuerySet["Redirect"]):
    """Queries for redirects."""

    def record(self, target: models.Model, old: str, new: str) -> None:
        """Redirect addresses that begin with `old` to the object, whose addresses now begin with `new`."""
        self.filter(old_path=new, model=target._meta.label_lower, object_id=target.pk).delete()
        if old:
            defaults = {"model": target._meta.label_lower, "object_id": target.pk}
            self.update_or_create(old_path=old, defaults=defaults)

    def other_than(self, target: models.Model) -> Self:
        """Return the redirects to any object except this one."""
        return self.exclude(model=target._meta.label_lower, object_id=target.pk or 0)

    def for_path(self, path: str) -> "Redirect | None":
        """Return the redirect with the longest old path that the address equals or is below, or None without one."""
        return self.filter(old_path__in=beginnings(path)).order_by(Length("old_path").desc()).first()

    def moved(self, paths: Iterable[str]) -> set[str]:
        """Return the paths that have moved to a page that visitors may see, with one query if none has moved."""
        begun = {path: set(beginnings(path)) for path in paths}
        old = set(self.filter(old_path__in=set().union(*begun.values())).values_list("old_path", flat=True))
        return {path for path, parts in begun.items() if parts & old and self.new_path(path)}

    def new_path(self, path: str) -> str:
        """Return the new path of an address, or "" if there is no redirect or visitors may not see the object."""
        redirect = self.for_path(path)
        target = redirect.public_target if redirect else None
        if redirect is None or target is None:
            return ""
        found = f"{target.own_path.rstrip('/')}{path[len(redirect.old_path) :]}"
        return found if found != path and is_valid_path(found) else ""


class Redirect(models.Model):
    """A former address of a page. It refers to the object, so it still works after a second change of address."""

    old_path = models.CharField(_("old address"), max_length=MAX_PATH, unique=True)
    model = models.CharField(max_length=100)
    object_id = models.BigIntegerField()
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    objects = RedirectQuerySet.as_manager()

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["old_path"]
        indexes = [models.Index(fields=["model", "object_id"], name="redirects_of_an_object")]

    def __str__(self) -> str:
        return f"{self.old_path}/"

    @property
    def target(self) -> Any:
        """Return the object that the address redirects to, or None if the object has been deleted."""
        return self._find(lambda model: model._base_manager)

    @property
    def public_target(self) -> Any:
        """Return the object that the address redirects to if visitors may see the object, or None."""
        return self._find(lambda model: model.objects.published())

    def _find(self, rows: Any) -> Any:
        try:
            model = apps.get_model(self.model)
        except LookupError:
            return None
        return rows(model).filter(pk=self.object_id).first()


def beginnings(path: str) -> list[str]:
    """Return the old paths that an address can belong to, such as "/a" and "/a/b" for "/a/b/" or "/a/b.ics"."""
    if len(path) > MAX_PATH or not path.startswith("/"):
        return []
    return list(_beginnings(path.strip("/").split("/")[:MAX_PARTS]))


def _beginnings(parts: list[str]) -> Iterator[str]:
    for count in range(1, len(parts) + 1):
        begun = "/" + "/".join(parts[:count])
        yield begun
        if "." in parts[count - 1]:
            yield "/" + "/".join([*parts[: count - 1], parts[count - 1].partition(".")[0]])


class Outcome(models.TextChoices):
    """The result of checking an address."""

    UNKNOWN = "", _("not tried yet")
    WORKS = "works", _("works")
    GONE = "gone", _("the page is gone")
    SERVER_ERROR = "server_error", _("the site reports an error")
    NO_SITE = "no_site", _("there is no site of that name")
    NO_ANSWER = "no_answer", _("the site does not answer")
    UNSAFE = "unsafe", _("the site’s certificate is not valid")
    PRIVATE = "private", _("the address is not on the public internet")
    LOOP = "loop", _("the site sends its visitors round in circles")
    CLOSED = "closed", _("the site turns programs away: open it yourself")


# A site that refuses programs may still work for people, so it never counts as broken.
FINE = (Outcome.WORKS, Outcome.CLOSED, Outcome.UNKNOWN)


class CheckedLinkQuerySet(models.QuerySet["CheckedLink"]):
    """Queries for checked links."""

    def broken(self) -> Self:
        """Return links that have failed on at least DAYS_TO_BREAK days."""
        return self.filter(failed_days__gte=DAYS_TO_BREAK)

    def due(self, today: date, again_before: datetime) -> Self:
        """Return links never tried, failing links not tried today, and others last tried before `again_before`."""
        never = Q(checked_at=None)
        failing = Q(failed_days__gt=0) & ~Q(failed_on=today)
        return self.filter(never | failing | Q(failed_days=0, checked_at__lt=again_before)).order_by(
            F("checked_at").asc(nulls_first=True), "pk"
        )


class CheckedLink(models.Model):
    """An address on another site, and the result of its last check. It is broken after failing on three days."""

    url = models.CharField(_("address"), max_length=MAX_URL, unique=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, default=Outcome.UNKNOWN, blank=True)
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    checked_at = models.DateTimeField(_("last tried"), null=True, blank=True)
    failed_days = models.PositiveSmallIntegerField(_("days on which it failed"), default=0)
    failed_on = models.DateField(_("last failed on"), null=True, blank=True)

    objects = CheckedLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link to another site")
        verbose_name_plural = _("broken links")
        ordering = ["url"]
        indexes = [models.Index(fields=["checked_at"], name="links_by_last_check")]

    def __str__(self) -> str:
        return self.url

    @property
    def host(self) -> str:
        """Return the name of the site, or "" if the address has none."""
        try:
            return urlsplit(self.url).hostname or ""
        except ValueError:
            return ""

    @property
    def explanation(self) -> str:
        """Return the result in words, with the status if the site sent one."""
        words = str(self.get_outcome_display())
        words = f"{words} ({self.status})" if self.status and self.outcome != Outcome.WORKS else words
        days = ngettext("failed on %(days)s day", "failed on %(days)s days", self.failed_days)
        return f"{words}; {days % {'days': self.failed_days}}" if self.failed_days else words

    def note(self, outcome: str, status: int | None, now: datetime, today: date) -> None:
        """Store a result. A second failure on the same day doesn't count, and a success resets the count."""
        self.outcome, self.status, self.checked_at = outcome, status, now
        if outcome in FINE:
            self.failed_days, self.failed_on = 0, None
        elif self.failed_on != today:
            self.failed_days, self.failed_on = self.failed_days + 1, today
        self.save()
