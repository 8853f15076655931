"""Our own pages as targets of links: which addresses have a page, and which page a wrong address probably meant."""

from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches
from enum import Enum
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q
from django.urls import Resolver404, resolve
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from campaign.links.addressed import addressed_models, prefix_of
from campaign.links.models import Redirect

MAX_CANDIDATES = 500
MAX_OF_A_KIND = 20
MAX_CHOICES = 50
ALIKE = 0.6


class State(Enum):
    """The state of a path on this site: a page, a hidden page, or no page."""

    PAGE = "page"
    HIDDEN = "hidden"
    MISSING = "missing"


def states(paths: Iterable[str]) -> dict[str, State]:
    """Return where each path leads: to a page, to a hidden page, or nowhere. Makes two queries per model."""
    found, by_model = dict[str, State](), defaultdict[Any, dict[str, str]](dict)
    prefixes = {model: prefix_of(model) for model in addressed_models()}
    for path in set(paths):
        slug = _slug(path)
        model = next((one for one, prefix in prefixes.items() if slug and _is_under(path, f"{prefix}{slug}")), None)
        if model and slug:
            by_model[model][path] = slug
        else:
            found[path] = State.PAGE if slug is not None or _is_file(path) else State.MISSING
    for model, slugs in by_model.items():
        found |= _states_of_rows(model, slugs)
    missing = {path: _plain(path) for path, state in found.items() if state == State.MISSING}
    moved = Redirect.objects.moved(missing.values()) if missing else set()
    return found | {path: State.PAGE for path, plain in missing.items() if plain in moved}


def nearest(paths: Iterable[str]) -> dict[str, str]:
    """Return, for each path, the most similar address of a published page, or "" if none is close."""
    wanted = set(paths)
    addresses = _addresses() if wanted else []
    close = {path: get_close_matches(_plain(path), addresses, n=1, cutoff=ALIKE) for path in wanted}
    return {path: found[0] if found else "" for path, found in close.items()}


def choices(term: str, user: User) -> list[dict[str, str]]:
    """Return pages whose title or address contains the term, as dictionaries of `address` and `title`.

    Includes unpublished pages only of the kinds that this organiser may view.
    """
    found = [{"address": "/", "title": _("Home page")}] if term in _("Home page").lower() else []
    for model in addressed_models():
        matches = Q(title__icontains=term) | Q(slug__icontains=term)
        options = model._meta
        may_view = user.has_perm(f"{options.app_label}.view_{options.model_name}")
        rows = model.objects.all() if may_view else model.objects.published()
        kind = capfirst(options.verbose_name)
        found += [
            {"address": row.get_absolute_url(), "title": f"{row} ({kind})"}
            for row in rows.filter(matches).order_by("title")[:MAX_OF_A_KIND]
        ]
    return found[:MAX_CHOICES]


def _plain(path: str) -> str:
    return unquote(urlsplit(path).path) or "/"


def _slug(path: str) -> str | None:
    """Return the slug in the path, "" if the page needs none, or None if the site has no such address."""
    try:
        return str(resolve(_plain(path)).kwargs.get("slug", ""))
    except Resolver404:
        return None


def _is_under(path: str, stem: str) -> bool:
    plain = _plain(path)
    return plain.startswith(stem) and plain[len(stem) : len(stem) + 1] in ("", "/", ".")


def _is_file(path: str) -> bool:
    folders = [folder for folder in (settings.STATIC_URL, settings.MEDIA_URL) if folder not in ("", "/")]
    return path.startswith(tuple(folders))


def _states_of_rows(model: Any, slugs: dict[str, str]) -> dict[str, State]:
    wanted = set(slugs.values())
    public = set(model.objects.published().filter(slug__in=wanted).values_list("slug", flat=True))
    rest = wanted - public
    hidden = set(model.objects.filter(slug__in=rest).values_list("slug", flat=True)) if rest else set()
    return {path: _state(slug, public, hidden) for path, slug in slugs.items()}


def _state(slug: str, public: set[str], hidden: set[str]) -> State:
    if slug in public:
        return State.PAGE
    return State.HIDDEN if slug in hidden else State.MISSING


def _addresses() -> list[str]:
    rows = [row for model in addressed_models() for row in model.objects.published()[:MAX_CANDIDATES]]
    indexes = [prefix for model in addressed_models() if _slug(prefix := prefix_of(model)) == ""]
    return sorted({"/", *indexes, *(row.own_path for row in rows)})
