"""Constituencies and the sources of public data, for viewing only: imports change them."""

from django.contrib import admin

from campaign.modeladmin import ReadOnlyAdmin
from campaign.places.models import Constituency, Edition


@admin.register(Constituency)
class ConstituencyAdmin(ReadOnlyAdmin):
    """The 650 constituencies."""

    list_display = ["name", "name_cy", "code", "nation", "region"]
    list_filter = ["nation", "region"]
    search_fields = ["name", "name_cy", "code"]


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    """The sources of our data."""

    list_display = ["title", "edition", "dataset", "rows", "file_name", "loaded_at"]
