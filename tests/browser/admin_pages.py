"""Addresses of every page of the admin and of organisers' accounts, on a site with a row of each model."""

import re

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import quote

from tests.prove.routes import is_admin, routes

ACCOUNTS = "accounts"
# These answer with data or redirect to another page.
NO_PAGES = re.compile(
    r"/(?:csv|download|keep|presence|discard|cancel/<int:number>|restore/<int:number>|preview/page|<path:object_id>)/\$?$"
    r"|<str:token>"
)
KEY = re.compile(r"<\w+:\w+>")


def app_labels():
    """Return the labels of the apps in the admin, and that of organisers' accounts."""
    return [ACCOUNTS, *sorted({model._meta.app_label for model in admin.site._registry})]


def addresses(app_label):
    """Return the addresses of an app's pages, with the page of one row of each model."""
    prefix = "accounts/" if app_label == ACCOUNTS else f"admin/{app_label}/"
    own = [route for _name, route in routes() if route.startswith(prefix) and not NO_PAGES.search(route)]
    start = {"/admin/"} if app_label == ACCOUNTS else {f"/admin/{app_label}/"}
    found = start | {f"/{_with_key(route)}".rstrip("$") for route in own}
    return sorted(f"{one}?old=draft" if one.endswith("/compare/") else one for one in found)


def _with_key(route):
    return KEY.sub(lambda _match: quote(str(_key(route))), route) if is_admin(route) else route


def _key(route):
    """Return the key of the first row. Raises AssertionError if there is none."""
    model = apps.get_model(*route.split("/")[1:3])
    key = model._default_manager.order_by("pk").values_list("pk", flat=True).first()
    assert key is not None, f"Make a row of {model._meta.label} in tests/prove/site.py."
    return key
