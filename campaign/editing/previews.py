"""Previews of a draft, made by publishing it in a transaction that is then rolled back."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from csp.constants import SELF
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import RequestFactory
from django.urls import resolve
from django.utils.cache import add_never_cache_headers

from campaign.versions.versioned import Versioned

LINK_DAYS = 7
SALT = "campaign.editing.previews"


def rolled_back(show: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the response of `show`, and undo everything that it did to the database."""
    with transaction.atomic():
        response = show()
        transaction.set_rollback(True)
    return response


def as_visitors_see(request: HttpRequest, row: Versioned) -> HttpResponse:
    """Return the public page of a saved draft. Call this within `rolled_back`, because it publishes the draft."""
    row.publish(check=False)
    model: Any = type(row)
    if hasattr(row, "published"):
        model._base_manager.filter(pk=row.pk).update(published=True)
    address = urlsplit(row.get_absolute_url())
    view, args, kwargs = resolve(address.path)
    response: HttpResponse = view(_visitor(request, f"{address.path}?{address.query}"), *args, **kwargs)
    return response


def as_shared(request: HttpRequest, row: Any) -> HttpResponse:
    """Return the card that a message with a link to the saved draft would show. Call this within `rolled_back`."""
    site: Any = apps.get_model("pages.SiteSettings")
    context = {"card": row.share_card(site.current()), "host": urlsplit(settings.SITE_URL).netloc}
    return render(request, "admin/editing/card.html", context)


def framed(response: HttpResponse) -> HttpResponse:
    """Let our preview page show the response in a frame, and forbid caching or indexing it."""
    answer: Any = response
    answer._csp_replace = getattr(answer, "_csp_replace", {}) | {"frame-ancestors": [SELF]}
    answer["X-Frame-Options"] = "SAMEORIGIN"
    for name in ("Cache-Control", "ETag"):
        answer.headers.pop(name, None)
    answer["X-Robots-Tag"] = "noindex"
    add_never_cache_headers(answer)
    return answer


def make_token(row: Versioned) -> str:
    """Return a signed token that shows this draft to people without an account, for a week."""
    return signing.dumps([row._meta.label_lower, row.pk], salt=SALT)


def read_token(token: str) -> tuple[str, int] | None:
    """Return the model and the key in a token, or None if the token isn't ours or is older than a week."""
    try:
        label, key = signing.loads(token, salt=SALT, max_age=LINK_DAYS * 24 * 60 * 60)
    except signing.BadSignature:
        return None
    return label, key


def _visitor(request: HttpRequest, path: str) -> HttpRequest:
    """Return the request that a visitor would send for a path, with the host and scheme of `request`."""
    visitor: Any = RequestFactory().get(path, headers={"host": request.get_host()}, secure=request.is_secure())
    visitor.user = AnonymousUser()
    visitor.csp_nonce = getattr(request, "csp_nonce", "")
    return visitor
