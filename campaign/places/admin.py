"""Constituencies, and where public data comes from, to look at: imports change them."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from campaign.places.models import Constituency, Edition


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only an import changes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


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
