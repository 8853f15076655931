"""The address of every page of the admin, on a site with a row of each model."""

from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType

from campaign.editing.admin import VersionedAdmin
from campaign.pages.models import Page
from pledges.models import Pledge
from tests.prove import rights
from tests.prove.routes import build_path, is_admin, routes

# Pledges and funds can be deleted only until somebody signs or donates. Nobody has for the newest row.
NEWEST = {"pledges_pledge_delete", "fundraising_fund_delete"}
# The first version of a row, and a Tuesday, on which the protest that comes with the campaign takes place.
FIXED = {"number": "1", "version_id": "1", "year": "2036", "month": "2", "day": "2036-02-05"}


def versioned():
    """Return the models whose rows are drafts."""
    return [model for model, one in admin.site._registry.items() if isinstance(one, VersionedAdmin)]


def form_id(model):
    """Return the id that every organiser's form for a new object of this model has in these tests."""
    return uuid5(NAMESPACE_URL, model._meta.label_lower)


def pages():
    """Yield the name and the path of each admin page, with the key of an existing row if there is one."""
    for view, route in routes():
        name = view.partition(":")[2]
        if is_admin(route) and name:  # routes without a name only redirect
            yield name, build_path(route, lambda parameter, name=name: value_of(name, parameter)) + query_of(name)
    for model_admin in admin.site._registry.values():
        for field in model_admin.autocomplete_fields:
            yield autocomplete(model_admin.model, field)


def value_of(name, parameter):
    """Return the value of a parameter in a page's address: usually the key of a row of the page's model."""
    if parameter in FIXED:
        return FIXED[parameter]
    if name == "view_on_site":
        about = Pledge.objects.first()
        return str(ContentType.objects.get_for_model(about).pk if parameter == "content_type_id" else about.pk)
    if parameter == "app_label":
        return "pledges"
    if name == "approvals_lost_phone":
        return "1"
    try:
        model, _end = rights.parse(name)
    except LookupError:
        return "1"
    row = model._default_manager.order_by("-pk" if name in NEWEST else "pk").first()
    return str(admin.utils.quote(row.pk)) if row else "1"


def query_of(name):
    """Return the query string that a page needs, such as the version to compare or the unsaved text to preview."""
    if name.endswith("_compare"):
        return "?old=1"
    if name == "media_picture_choose":
        return f"?{asked_by(Page, 'share_picture')}"
    ends = ("_preview_new", "_new_page", "_new_card", "_new_text")
    return f"?copy={form_id(rights.parse(name)[0])}" if name.endswith(ends) else ""


def autocomplete(model, name):
    """Return the name and path of a field's autocomplete request. It requires the permission to choose such a row."""
    chosen = model._meta.get_field(name).remote_field.model._meta
    return f"{chosen.app_label}_{chosen.model_name}_choose", f"/admin/autocomplete/?{asked_by(model, name)}"


def asked_by(model, name):
    """Return the query string with which a field requests the rows to choose from."""
    return urlencode({"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": name})
