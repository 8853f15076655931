"""The admin for pages and the site's settings, and the base class for all published content."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from content_editor.admin import ContentEditor
from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.editing.admin import VersionedAdmin
from campaign.media.choosing import ChoosesPictures
from campaign.modeladmin import HubModelAdmin, without_links
from campaign.pages import embeds
from campaign.pages.blocks.editor import INLINES, TargetFormField
from campaign.pages.checks.admin import ChecksMixin
from campaign.pages.models import HomeSection, MenuItem, Page, Partner, SiteSettings, Update
from campaign.pages.ordering import OrderedAdmin, RowsInline
from campaign.pages.published import Published

# The endings of the URL names that the form for a new row uses.
NEW = ("keep_new", "discard_new", "preview_new", "preview_new_page")
PUBLISHING: Any = (_("Publishing"), {"fields": ["published", "language"]})
SHARING: Any = (_("When the link is shared"), {"fields": ["share_picture", "share_text"]})


class ListForm(ModelForm):
    """The form of one row of an editable list. Its labels say which row they belong to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}: {self.instance}"

    def add_error(self, field: str | None, error: Any) -> None:
        """Show errors about fields that aren't in the list beside the first field. Otherwise, Django would fail."""
        by_field: dict[str, Any] = getattr(error, "error_dict", {})
        for name in [name for name in by_field if name not in {*self.fields, NON_FIELD_ERRORS}]:
            super().add_error(next(iter(self.fields)), by_field.pop(name))
        if by_field or not hasattr(error, "error_dict"):
            super().add_error(field, error)


class OwnPageAdmin(ChoosesPictures, ChecksMixin, VersionedAdmin):
    """The admin for content with its own page."""

    exclude = ["order"]
    list_display = ["title", "state", "published", "updated_at"]
    list_editable = ["published"]
    list_filter = ["published"]
    search_fields = ["title", "summary"]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Published | None = None) -> dict[str, Sequence[str]]:
        """Derive the address from the title until the page is first saved. After that, other pages may link to it."""
        return {} if obj else {"slug": ["title"]}

    def get_changelist_form(self, request: HttpRequest, **kwargs: object) -> type[ModelForm]:
        return super().get_changelist_form(request, **{"form": ListForm} | kwargs)

    def view_on_site(self, obj: Published) -> str | None:
        return obj.get_absolute_url() if obj.published else None


class PublishedAdmin(OrderedAdmin, OwnPageAdmin):
    """The admin for content with its own page, if organisers choose the order."""


class OneRowAdmin(HubModelAdmin):
    """A table with one row, whose key is 1. The list redirects to the row's form."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Allow adding only on the form. The list redirects there while there is no row."""
        match = request.resolver_match
        forms = {f"{self.opts.app_label}_{self.opts.model_name}_{end}" for end in ("add", *NEW)}
        is_form = match is not None and match.url_name in forms
        return is_form and super().has_add_permission(request) and not self.model.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def url_of_field(self, url: str, name: str) -> str:
        """Return the list's URL, which redirects to the form, with a fragment for the field."""
        return f"{url}#id_{name}"

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        form = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        return redirect(f"{form}_change", 1) if self.model.objects.exists() else redirect(f"{form}_add")


class BlocksAdmin(ContentEditor, OwnPageAdmin):
    """The admin for content made of blocks, which may be in a language that no organiser reads."""

    search_fields = ["title", "summary", "pages_text_set__html", "pages_fact_set__claim"]
    readonly_fields = ["translation"]
    inlines = INLINES

    @admin.display(description=_("translation"))
    def translation(self, page: Page) -> str:
        """Return a sentence that says whether a speaker has checked the text, or "" if it is in English."""
        if page.is_english:
            return ""
        if page.checked_by and page.checked_on:
            return gettext("checked on %(day)s") % {"day": date_format(page.checked_on, "j F Y")}
        return gettext("draft translation, not yet checked by a speaker")


@admin.register(Page)
class PageAdmin(OrderedAdmin, BlocksAdmin):
    """Pages made of blocks."""

    empty_message = _("There are no pages yet. Add one, write its blocks, and publish it when visitors may read it.")
    list_display = ["title", "state", "translation", "published", "updated_at"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "summary"]}),
        SHARING,
        (_("Publishing"), {"fields": ["published", "language", "downloadable", "exit_link"]}),
        (_("Translation"), {"fields": ["translation", "translation_of", "checked_by", "checked_on"]}),
    ]

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[ModelForm]:
        form = super().get_form(request, *args, **kwargs)
        without_links(form, "translation_of")
        return form


@admin.register(Update)
class UpdateAdmin(BlocksAdmin):
    """Dated posts made of blocks."""

    empty_message = _("There are no updates yet. Add one when there is news, and publish it.")
    list_display = ["title", "posted_on", "author", "state", "published"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "summary", "posted_on", "author", "about", "picture"]}),
        SHARING,
        (_("Publishing"), {"fields": ["published", "language", "exit_link"]}),
        (_("Translation"), {"fields": ["translation", "checked_by", "checked_on"]}),
    ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"posted_on": timezone.localdate()} | super().get_changeform_initial_data(request)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[ModelForm]:
        form: Any = super().get_form(request, *args, **kwargs)
        if "posted_on" in form.base_fields:
            form.base_fields["posted_on"].required = True
        return form

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "about":
            return TargetFormField(
                choices=partial(embeds.choices, without="pages.update"),
                label=capfirst(db_field.verbose_name),
                help_text=db_field.help_text,
                required=False,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class MenuInline(RowsInline):
    """The links at the top and the bottom of every page."""

    model = MenuItem
    fields = [("place", "label", "url"), "order"]


class HomeSectionInline(ChoosesPictures, RowsInline):
    """The sections of the home page. The style sheet hides a quotation's fields in other sections."""

    model = HomeSection
    fieldsets = [
        (None, {"fields": [("kind", "shown"), "heading"]}),
        (_("Quotation"), {"classes": ["of-quotation"], "fields": ["words", "speaker", "about", "url", "picture"]}),
        (None, {"fields": ["order"]}),
    ]


class PartnerInline(ChoosesPictures, RowsInline):
    """The partners named on the home page."""

    model = Partner
    extra = 1  # lets organisers add one without JavaScript
    fields = ["name", "url", "picture", "order"]


@admin.register(SiteSettings)
class SiteSettingsAdmin(ChoosesPictures, ChecksMixin, OneRowAdmin, VersionedAdmin):
    """The settings of the whole site."""

    inlines = [HomeSectionInline, PartnerInline, MenuInline]
    fieldsets = [
        (None, {"fields": ["name", "short_name", "tagline", "description", "share_picture", "language"]}),
        (_("Home page"), {"fields": ["hero_eyebrow", "hero_title", "hero_text", "hero_picture"]}),
        (_("About you"), {"fields": ["about_title", "about_html"]}),
        (_("Who is responsible for the site"), {"fields": ["publisher_name", "publisher_address", "contact_email"]}),
        (_("Footer of every page"), {"fields": ["footer_html"]}),
    ]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows. Give new settings every section, so that organisers only have to put them in order."""
        super().save_related(request, form, formsets, change)
        if not change and not form.instance.sections.exists():
            for section in HomeSection.defaults():
                section.save()
