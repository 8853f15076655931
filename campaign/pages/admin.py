"""The admin for pages and the site's settings, and the base class for all published content."""

from collections.abc import Sequence
from typing import Any

from content_editor.admin import ContentEditor
from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.editing.admin import VersionedAdmin
from campaign.media.choosing import ChoosesPictures
from campaign.modeladmin import HubModelAdmin, without_links
from campaign.pages.blocks.editor import INLINES
from campaign.pages.checks.admin import ChecksMixin
from campaign.pages.models import HomeSection, MenuItem, Page, SiteSettings
from campaign.pages.ordering import OrderedAdmin, RowsInline
from campaign.pages.published import Published

# The endings of the URL names that the form for a new row uses.
NEW = ("keep_new", "discard_new", "preview_new", "preview_new_page")
PUBLISHING: Any = (_("Publishing"), {"fields": ["published", "language"]})
SHARING: Any = (_("When the link is shared"), {"fields": ["share_picture", "share_text"]})


class ListForm(ModelForm):
    """The form of one row of an editable list, whose labels say which row they belong to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}: {self.instance}"

    def add_error(self, field: str | None, error: Any) -> None:
        """Show errors about fields that aren't in the list beside the first field, because Django would fail."""
        by_field: dict[str, Any] = getattr(error, "error_dict", {})
        for name in [name for name in by_field if name not in {*self.fields, NON_FIELD_ERRORS}]:
            super().add_error(next(iter(self.fields)), by_field.pop(name))
        if by_field or not hasattr(error, "error_dict"):
            super().add_error(field, error)


class PublishedAdmin(ChoosesPictures, ChecksMixin, OrderedAdmin, VersionedAdmin):
    """The admin for content with its own page."""

    list_display = ["title", "state", "published", "updated_at"]
    list_editable = ["published"]
    list_filter = ["published"]
    search_fields = ["title", "summary"]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Published | None = None) -> dict[str, Sequence[str]]:
        """Derive the address from the title until the page is first saved; after that, links depend on the address."""
        return {} if obj else {"slug": ["title"]}

    def get_changelist_form(self, request: HttpRequest, **kwargs: object) -> type[ModelForm]:
        return super().get_changelist_form(request, **{"form": ListForm} | kwargs)

    def view_on_site(self, obj: Published) -> str | None:
        return obj.get_absolute_url() if obj.published else None


class OneRowAdmin(HubModelAdmin):
    """A table with one row, whose key is 1. Its list redirects to its form."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Allow adding only on the form, to which the list redirects when there is no row yet."""
        match = request.resolver_match
        forms = {f"{self.opts.app_label}_{self.opts.model_name}_{end}" for end in ("add", *NEW)}
        is_form = match is not None and match.url_name in forms
        return is_form and super().has_add_permission(request) and not self.model.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def url_of_field(self, url: str, name: str) -> str:
        """Return the list's URL, which redirects to the form, with a fragment that links to the field."""
        return f"{url}#id_{name}"

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        form = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        return redirect(f"{form}_change", 1) if self.model.objects.exists() else redirect(f"{form}_add")


@admin.register(Page)
class PageAdmin(ContentEditor, PublishedAdmin):
    """Pages of blocks."""

    empty_message = _("There are no pages yet. Add one, write its blocks, and publish it when visitors may read it.")
    search_fields = ["title", "summary", "pages_text_set__html", "pages_fact_set__claim"]
    list_display = ["title", "state", "translation", "published", "updated_at"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "summary"]}),
        SHARING,
        (_("Publishing"), {"fields": ["published", "language", "downloadable", "exit_link"]}),
        (_("Translation"), {"fields": ["translation", "translation_of", "checked_by", "checked_on"]}),
    ]
    readonly_fields = ["translation"]
    inlines = INLINES

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[ModelForm]:
        form = super().get_form(request, *args, **kwargs)
        without_links(form, "translation_of")
        return form

    @admin.display(description=_("translation"))
    def translation(self, page: Page) -> str:
        """Return in words whether a speaker has checked the page, or "" if it is in English."""
        if page.is_english:
            return ""
        if page.checked_by and page.checked_on:
            return gettext("checked on %(day)s") % {"day": date_format(page.checked_on, "j F Y")}
        return gettext("draft translation, not yet checked by a speaker")


class MenuInline(RowsInline):
    """The links at the top and the bottom of every page."""

    model = MenuItem
    fields = [("place", "label", "url"), "order"]


class HomeSectionInline(RowsInline):
    """The sections of the home page."""

    model = HomeSection
    fields = [("kind", "shown"), "heading", "order"]


@admin.register(SiteSettings)
class SiteSettingsAdmin(ChoosesPictures, ChecksMixin, OneRowAdmin, VersionedAdmin):
    """Settings of the whole site."""

    inlines = [HomeSectionInline, MenuInline]
    fieldsets = [
        (None, {"fields": ["name", "short_name", "tagline", "description", "share_picture", "language"]}),
        (_("Home page"), {"fields": ["hero_eyebrow", "hero_title", "hero_text"]}),
        (_("About you"), {"fields": ["about_title", "about_html"]}),
        (_("Who is responsible for the site"), {"fields": ["publisher_name", "publisher_address", "contact_email"]}),
        (_("Footer of every page"), {"fields": ["footer_html"]}),
    ]
