"""Constituencies and the sources of public data, for viewing only: imports change them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from campaign.modeladmin import ReadOnlyAdmin
from campaign.places.models import Constituency, Edition


@admin.register(Constituency)
class ConstituencyAdmin(ReadOnlyAdmin):
    """The 650 constituencies."""

    empty_message = _("No constituencies yet. Ask the person who looks after the server to import them.")
    list_display = ["name", "name_cy", "code", "nation", "region"]
    list_filter = ["nation", "region"]
    search_fields = ["name", "name_cy", "code"]


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    """The sources of our data."""

    empty_message = _(
        "No data yet. To fetch postcodes, choose “Updates of public data” and press “Update postcodes and MPs”."
    )
    list_display = ["title", "edition", "dataset", "rows", "file_name", "loaded_at"]
