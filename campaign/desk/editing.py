"""Panels on the desk about the editor: scheduled changes, and the forms that others have open."""

from collections.abc import Iterator
from datetime import datetime

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Case, When
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaign.desk.registry import Item, Line, Panel, shows
from campaign.editing.models import Presence
from campaign.versions.models import Version

MAX_LINES = 10


@shows()
def scheduled(user: User) -> Iterator[Item]:
    """Yield a panel of the content that goes live or disappears next, of the kinds that this organiser may see."""
    now = timezone.now()
    coming = Version.objects.coming(now).not_replaced(now).filter(model__in=_viewable(user))
    changes_at = Case(When(live_at__gt=now, then="live_at"), default="expires_at")
    lines = [
        Line(_change_of(version, now), _address(version.model, version.object_id))
        for version in coming.order_by(changes_at)[:MAX_LINES]
    ]
    yield Panel(_("What is scheduled"), lines, _("Nothing. To publish something later, press “Publish later…”."))


@shows()
def editing(user: User) -> Iterator[Item]:
    """Yield a panel of the forms that others have open now, for the kinds of content that this organiser may see."""
    open_forms = Presence.objects.now(timezone.now()).exclude(organiser=user).exclude(object_id=None)
    shown = open_forms.filter(model__in=_viewable(user)).select_related("organiser").order_by("-seen_at")[:MAX_LINES]
    lines = [
        Line(
            _("%(name)s: %(kind)s") % {"name": _name(one.organiser), "kind": _kind(one.model)},
            _address(one.model, one.object_id),
        )
        for one in shown
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


def _viewable(user: User) -> list[str]:
    """Return the kinds of content in the admin that this organiser may see, such as "pages.page"."""
    kinds = [model._meta for model in admin.site._registry]
    return [kind.label_lower for kind in kinds if user.has_perm(f"{kind.app_label}.view_{kind.model_name}")]


def _kind(model: str) -> str:
    return str(apps.get_model(model)._meta.verbose_name)


def _address(model: str, object_id: int | None) -> str:
    """Return the address of an object's form in the admin."""
    return reverse(f"admin:{model.replace('.', '_')}_change", args=[object_id])
