"""The addresses of every admin page and account page, on a site with a row of each model."""

import re
from urllib.parse import urlsplit

from django.contrib import admin
from django.contrib.admin.utils import quote
from django.test import RequestFactory
from django.urls import resolve

from tests.prove.routes import is_admin, routes

ACCOUNTS, DESK = "accounts", "desk"
# Addresses that return data, are shown in the frame of another page, redirect, or need more than one row.
NO_PAGES = re.compile(
    r"/(?:csv|download|keep|presence|token|autocomplete|jsi18n|session|checkedlink/pages|picture/choose|preview/page|preview/text|add/preview|add/preview/card"
    r"|logout|inactive|admin/login|password_change|r/.*|<path:object_id>)/\$?$"
    r"|2fa/passkeys/<int:pk>/|<str:token>|\(\?P<"
)
# Pages that redirect a signed-in organiser, each with the page that it redirects to.
LEADS = {
    "/accounts/2fa/authenticate/": "/admin/",
    "/accounts/2fa/passkeys/reauthenticate/": "/accounts/reauthenticate/",
    "/accounts/2fa/totp/activate/": "/accounts/2fa/totp/deactivate/",
    "/accounts/login/": "/admin/",
    "/accounts/login/passkey/": "/admin/",
    "/accounts/password/set/": "/accounts/password/change/",
    "/admin/fundraising/donationsettings/": "/admin/fundraising/donationsettings/1/change/",
    "/admin/pages/sitesettings/": "/admin/pages/sitesettings/1/change/",
}
BEFORE_SIGN_IN = ["/accounts/login/", "/accounts/lost-phone/"]
KEY = re.compile(r"<\w+:\w+>")


def app_labels():
    """Return the names of the groups of pages: organisers' accounts, the desk itself, and each app in the admin."""
    return [ACCOUNTS, DESK, *sorted(_labels())]


def addresses(app_label, user):
    """Return the addresses of an app's pages that this organiser may open.

    The pages of one row represent those of every row of its model. A page is left out only if the admin doesn't let
    the organiser add, delete or bring back such rows.
    """
    own = [route for _name, route in routes() if _label(route) == app_label and not NO_PAGES.search(f"/{route}")]
    found = {_address(route, user) for route in own} - {None}
    if app_label in _labels():
        found.add(f"/admin/{app_label}/")
    return sorted(f"{one}?old=draft" if one.endswith("/compare/") else one for one in found)


def _labels():
    return {model._meta.app_label for model in admin.site._registry}


def _label(route):
    """Return the group that a route belongs to, or None if it belongs to neither the admin nor the accounts."""
    first, _slash, rest = route.partition("/")
    if first != "admin":
        return ACCOUNTS if first == ACCOUNTS else None
    label = rest.partition("/")[0]
    return label if label in _labels() else DESK


def _address(route, user):
    """Return the address of a route, or None if the organiser may not open it."""
    if not is_admin(route) or _label(route) == DESK:
        return f"/{route}"
    model_admin = _model_admin(route)
    request = RequestFactory().get("/")
    request.user = user
    row = model_admin.get_queryset(request).order_by(*model_admin.get_ordering(request) or ["pk"]).first()
    assert row or not KEY.search(route), f"Make a row of {model_admin.opts.label} in tests/prove/site.py."
    address = "/" + KEY.sub(lambda _match: quote(str(row.pk)), route).rstrip("$")
    request.resolver_match = resolve(address)
    return address if _may_open(route, model_admin, request, row) else None


def _model_admin(route):
    label, name = route.split("/")[1:3]
    return next(one for model, one in admin.site._registry.items() if model._meta.label_lower == f"{label}.{name}")


def _may_open(route, model_admin, request, row):
    page = "/".join(route.split("/")[3:])
    if page.startswith("add/") or page == "deleted/":
        return model_admin.has_add_permission(request)
    return page != "<path:object_id>/delete/" or model_admin.has_delete_permission(request, row)


def leads_to(address):
    """Return the path at which an organiser should arrive: the address's own, unless it is in LEADS."""
    path = urlsplit(address).path
    return LEADS.get(path, path)
