"""What the desk shows about the editor: what is scheduled, and the forms that others have open."""

from collections.abc import Iterator
from datetime import datetime

from django.apps import apps
from django.contrib.auth.models import User
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaign.desk.registry import Item, Line, Panel, shows
from campaign.editing.models import Presence
from campaign.versions.models import Version

MAX_LINES = 10


@shows()
def scheduled(user: User) -> Iterator[Item]:
    """Yield what goes live or disappears next, of the kinds that this organiser may see."""
    now = timezone.now()
    lines = []
    for version in Version.objects.coming(now).order_by("live_at")[:MAX_LINES]:
        if user.has_perm(_permission(version.model)):
            lines.append(Line(_change_of(version, now), _address(version.model, version.object_id)))
    yield Panel(_("What is scheduled"), lines, _("Nothing. To publish something later, press “Publish later…”."))


@shows()
def editing(user: User) -> Iterator[Item]:
    """Yield who has a form open now, of the kinds that this organiser may see."""
    open_forms = Presence.objects.now(timezone.now()).exclude(organiser=user).select_related("organiser")
    lines = [
        Line(_("%(name)s: %(kind)s") % {"name": _name(one.organiser), "kind": _kind(one.model)}, url)
        for one in open_forms.order_by("-seen_at")[:MAX_LINES]
        if user.has_perm(_permission(one.model)) and (url := _address(one.model, one.object_id))
    ]
    yield Panel(_("Who is editing"), lines, _("Nobody else at the moment."))


def _change_of(version: Version, now: datetime) -> str:
    live_at = version.live_at
    if live_at and live_at > now:
        return _("%(title)s goes live on %(when)s") % {"title": version.title, "when": _day(live_at)}
    return _("%(title)s disappears on %(when)s") % {"title": version.title, "when": _day(version.expires_at)}


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i") if moment else ""


def _name(organiser: User) -> str:
    return organiser.get_full_name() or organiser.get_username()


def _permission(model: str) -> str:
    app, _dot, name = model.partition(".")
    return f"{app}.view_{name}"


def _kind(model: str) -> str:
    return str(apps.get_model(model)._meta.verbose_name)


def _address(model: str, object_id: int | None) -> str:
    """Return the address of the form, or "" for a new object or a model that is no more in the admin."""
    try:
        return reverse(f"admin:{model.replace('.', '_')}_change", args=[object_id]) if object_id else ""
    except NoReverseMatch:
        return ""
