"""Constituencies, and where public data comes from, to look at: imports change them."""

from django.contrib import admin

from campaign.modeladmin import ReadOnlyAdmin
from campaign.places.models import Constituency, Edition


@admin.register(Constituency)
class ConstituencyAdmin(ReadOnlyAdmin):
    """The 650."""

    list_display = ["name", "name_cy", "code", "nation", "region"]
    list_filter = ["nation", "region"]
    search_fields = ["name", "name_cy", "code"]


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    """Where the data comes from."""

    list_display = ["title", "edition", "dataset", "rows", "file_name", "loaded_at"]
