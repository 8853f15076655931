"""Requests that need a second organiser: to publish a draft, and to end the rule for a kind of content."""

from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.approvals.kinds import Kind, NotPossibleError, Request, kind
from campaign.audit.acts import Act
from campaign.audit.log import record
from campaign.joint_publishing.models import JointKind
from campaign.versions.models import Version
from campaign.versions.problems import NotReadyError, problems
from campaign.versions.versioned import Versioned

PUBLISH, END = "joint_publishing.publish", "joint_publishing.end"


def subject_of(row: Versioned) -> str:
    """Return the name of a draft in a request, such as "pages.page.12"."""
    return f"{row._meta.label_lower}.{row.pk}"


@kind(PUBLISH)
class Publishing(Kind):
    """Publishing a draft exactly as it was when the request was made."""

    label = gettext_lazy("Publish")
    warning = gettext_lazy("Visitors see it as soon as you approve, or at the time below. Read it first.")
    permission = "joint_publishing.approve_publishing"
    delay = timedelta(0)
    always_second = True
    counts_people = False

    def people(self, request: Request) -> int:
        """Return 1 if the draft can still be published as requested, else 0."""
        return int(not _obstacle(request))

    def sample(self, request: Request) -> list[str]:
        """Return the kind of content with its title, and when it goes live and disappears."""
        row = _row(request)
        begins, ends = _moment(request, "live_at"), _moment(request, "expires_at")
        lines = [f"{row._meta.verbose_name}: {row}"] if row else []
        lines += [_("Goes live: %s") % _in_words(begins)] if begins else []
        return lines + ([_("Disappears: %s") % _in_words(ends)] if ends else [])

    def links(self, request: Request) -> list[tuple[Any, str]]:
        row = _row(request)
        if row is None:
            return []
        live = Version.objects.live(type(row), row.pk, timezone.now()).first()
        compared = f"?old={live.number}&new={request.payload['number']}" if live else ""
        changes = [(_("See what would change for visitors"), _address(row, "compare") + compared)] if live else []
        return [*changes, (_("Open the draft"), _address(row, "change"))]

    def page(self, request: Request) -> str:
        row = _row(request)
        return _address(row, "change") if row else reverse("admin:index")

    def obstacle(self, request: Request, user: User) -> Any:
        row = _row(request)
        if row and not user.has_perm(f"{row._meta.app_label}.change_{row._meta.model_name}"):
            return _("Your role does not let you change this, so somebody else must approve it.")
        return _obstacle(request) or None

    def act(self, request: Request) -> None:
        """Publish the draft as the organiser who asked. Raises NotPossibleError if that is impossible."""
        row = _row(request, lock=True)
        obstacle = _obstacle(request)
        if row is None or obstacle:
            raise NotPossibleError(obstacle)
        model_admin: Any = admin.site.get_model_admin(type(row))
        begins = _moment(request, "live_at")
        when = {
            "live_at": begins if begins and begins > timezone.now() else None,
            "expires_at": _moment(request, "expires_at"),
            "note": request.reason,
        }
        try:
            version = model_admin.publish_as_answered(row, request.asked_by, request.payload["answers"], **when)
        except NotReadyError as error:
            raise NotPossibleError(_unready()) from error
        record(request.asked_by, Act.PUBLISH, row, version=version.number, request=request.pk)


@kind(END)
class Ending(Kind):
    """The end of the rule for one kind of content: afterwards, one organiser is enough to publish it."""

    label = gettext_lazy("Let one organiser publish")
    warning = gettext_lazy("Afterwards, one organiser is enough to publish this kind of content.")
    nobody = gettext_lazy("One organiser is already enough for this.")
    permission = "joint_publishing.delete_jointkind"  # no role has it, so only owners do
    delay = timedelta(0)
    always_second = True
    counts_people = False

    def people(self, request: Request) -> int:
        """Return 1 if the rule still exists, else 0."""
        return JointKind.objects.filter(pk=request.subject).count()

    def sample(self, request: Request) -> list[str]:
        return [str(one) for one in JointKind.objects.filter(pk=request.subject)]

    def page(self, request: Request) -> str:
        return reverse("admin:joint_publishing_jointkind_changelist")

    def act(self, request: Request) -> None:
        for one in JointKind.objects.filter(pk=request.subject):
            record(request.asked_by, Act.DELETE, one)
            one.delete()


def _row(request: Request, *, lock: bool = False) -> Any:
    """Return the draft that a request is about, locked if `lock` is True, or None if it has been deleted."""
    label, _dot, key = request.subject.rpartition(".")
    try:
        rows = apps.get_model(label)._base_manager.filter(pk=key)
    except LookupError:
        return None
    return (rows.select_for_update(no_key=True) if lock else rows).first()


def _obstacle(request: Request) -> str:
    """Return a sentence that says why the draft can't be published as requested, or "" if it can."""
    row = _row(request)
    kept = Version.objects.of(type(row), row.pk).filter(number=request.payload["number"]).first() if row else None
    if row is None or kept is None:
        return _("It has been deleted.")
    draft = row.freeze()
    if any(draft[name] != kept.content[name] for name in ("fields", "parts")):
        return _("The draft has been changed since. Cancel this request, and ask again.")
    ends = _moment(request, "expires_at")
    if ends and ends <= timezone.now():
        return _("It should have disappeared by now. Cancel this request, and ask again with a later time.")
    return _unready() if problems(row) else ""


def _unready() -> str:
    return _("Something is missing or wrong in the draft. Open it and press “Publish now” to see what.")


def _moment(request: Request, name: str) -> datetime | None:
    return parse_datetime(request.payload[name]) if request.payload[name] else None


def _in_words(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i")


def _address(row: Versioned, name: str) -> str:
    model_admin: Any = admin.site.get_model_admin(type(row))
    return model_admin.address(name, row.pk)
