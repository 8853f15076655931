"""The media library in the admin."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.media.choosing import ChooseView
from campaign.media.forms import AddDocumentForm, AddPictureForm, DocumentForm, PictureForm
from campaign.media.models import Document, LibraryFile, Picture
from campaign.media.uses import Use, uses_of
from campaign.modeladmin import HubModelAdmin


def link(use: Use) -> SafeString:
    """Return a use as a link."""
    return format_html('<a href="{}">{}</a>', use.url, use.text)


class MissingTextFilter(admin.SimpleListFilter):
    """A filter for pictures with or without alternative text."""

    title = _("alternative text")
    parameter_name = "text"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("missing", _("Missing")), ("decoration", _("Decoration only")), ("present", _("Present"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        conditions = {
            "missing": Q(alternative_text="", is_decoration=False),
            "decoration": Q(is_decoration=True),
            "present": ~Q(alternative_text="") & Q(is_decoration=False),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))


class ShownFilter(admin.SimpleListFilter):
    """A filter for files that visitors can open, hidden files or withdrawn files."""

    title = _("shown to visitors")
    parameter_name = "shown"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("hidden", _("Hidden")), ("withdrawn", _("Withdrawn"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        conditions = {
            "yes": Q(hidden_at=None),
            "hidden": Q(hidden_at__isnull=False, withdrawn_at=None),
            "withdrawn": Q(withdrawn_at__isnull=False),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))


class LibraryAdmin(HubModelAdmin):
    """The base of the admin for pictures and documents. It lists uses, protects files in use, and offers withdrawal."""

    add_form: type[ModelForm]
    about: list[str]
    change_form_template = "admin/media/file.html"
    date_hierarchy = None
    list_per_page = 50

    class Media:
        js = ["media.js"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[ModelForm]:
        if obj is None:
            kwargs["form"] = self.add_form
        return super().get_form(request, obj, change, **kwargs)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Offer to withdraw the file, if this organiser may do so."""
        context = {"may_withdraw": request.user.has_perm("media.withdraw_file")}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    def has_change_permission(self, request: HttpRequest, obj: LibraryFile | None = None) -> bool:
        """Return whether this organiser may change the file. Nobody may change a hidden file."""
        return super().has_change_permission(request, obj) and not (obj and obj.is_hidden)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Return the rows that match; in a list to choose from, only the rows that visitors can see."""
        found, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        match = request.resolver_match
        is_choice = match is not None and match.url_name in ("autocomplete", "media_picture_choose")
        return (found.filter(hidden_at=None) if is_choice else found), may_have_duplicates

    @admin.display(description=_("shown to visitors"))
    def shown(self, file: LibraryFile) -> str:
        """Return in a word whether visitors can have the file."""
        if file.withdrawn_at:
            return gettext("Withdrawn")
        return gettext("Hidden") if file.is_hidden else gettext("Yes")

    @admin.display(description=_("withdrawal"))
    def withdrawal(self, file: LibraryFile) -> str:
        """Return when and why the file was withdrawn, or a link to the waiting requests."""
        if file.withdrawn_at:
            day = date_format(timezone.localtime(file.withdrawn_at), "j F Y")
            return f"{gettext('Withdrawn')}, {day}: {file.withdrawal_reason}"
        url = reverse("admin:approvals_approvalrequest_changelist")
        return format_html(
            '<a href="{}">{}</a>', url, gettext("It is hidden. The request to withdraw it is waiting under Approvals.")
        )

    def get_deleted_objects(self, objs: Iterable[LibraryFile], request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """Return what Django would delete. Uses of a file count as protected objects, which stop the deletion."""
        objs = list(objs)
        to_delete, count, perms_needed, protected = super().get_deleted_objects(objs, request)
        uses = [
            format_html("{}: {}", file, format_html_join(", ", "{}", [(link(use),) for use in uses_of(file)]))
            for file in objs
            if uses_of(file)
        ]
        return to_delete, count, perms_needed, [*protected, *uses]

    @admin.display(description=_("used by"))
    def uses(self, file: LibraryFile) -> str:
        """Return links to the places that use the file."""
        links = [(link(use),) for use in uses_of(file)] if file.pk else []
        if not links:
            return gettext("Nothing uses it yet.")
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", links))


@admin.register(Picture)
class PictureAdmin(LibraryAdmin):
    """The pictures in the media library."""

    empty_message = _("There are no pictures yet. Press “Add picture”, choose a photograph, and describe it.")
    form = PictureForm
    add_form = AddPictureForm
    list_display = ["small", "title", "text", "shown", "credit", "added_at"]
    list_display_links = ["title"]
    list_filter = [MissingTextFilter, ShownFilter, "added_at"]
    search_fields = ["title", "alternative_text", "credit"]
    readonly_fields = ["preview", "uses", "withdrawal"]

    def get_fieldsets(self, request: HttpRequest, obj: Picture | None = None) -> Any:
        upload, uses = (["upload"], []) if obj is None else ([], ["uses"])
        about = ["alternative_text", "is_decoration", "credit", "title"]
        if obj and obj.is_hidden:
            return [(None, {"fields": ["withdrawal", *about, *uses]})]
        return [
            (None, {"fields": [*upload, *about, *uses]}),
            (_("Main point"), {"fields": ["preview", "focus_x", "focus_y"]}),
        ]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(ChooseView.as_view(admin_site=self.admin_site))
        return [path("choose/", view, name="media_picture_choose"), *super().get_urls()]

    @admin.display(description=_("picture"))
    def small(self, picture: Picture) -> str:
        """Return the thumbnail, described by the picture's alternative text or title."""
        if picture.is_hidden:
            return "–"
        return format_html(
            '<img class="thumbnail {}" src="{}" alt="{}" width="96" height="64" loading="lazy">',
            picture.focus_classes,
            picture.thumbnail,
            picture.alt or picture.title,
        )

    @admin.display(description=_("alternative text"))
    def text(self, picture: Picture) -> str:
        """Return the alternative text, or why there is none."""
        return (
            gettext("(decoration only)") if picture.is_decoration else picture.alternative_text or gettext("(missing)")
        )

    @admin.display(description=_("preview"))
    def preview(self, picture: Picture) -> str:
        """Return the whole picture, with a mark on its main point."""
        image = (
            format_html(
                '<img src="{}" alt="{}" width="{}" height="{}">',
                picture.src,
                picture.alt,
                picture.width,
                picture.height,
            )
            if picture.pk
            else format_html('<img alt="{}" hidden>', "")
        )
        hint = gettext("The ring marks the main point. Click on the picture, or move the sliders below.")
        return format_html(
            '<div class="focal-point">{}<span class="focal-ring" hidden></span></div><p class="help">{}</p>',
            image,
            hint,
        )


@admin.register(Document)
class DocumentAdmin(LibraryAdmin):
    """The documents in the media library."""

    empty_message = _("There are no documents yet. Press “Add document”, choose a PDF, and give it a title.")
    form = DocumentForm
    add_form = AddDocumentForm
    list_display = ["title", "kind_and_size", "shown", "added_at"]
    list_filter = ["kind", ShownFilter, "added_at"]
    search_fields = ["title", "file_name"]
    readonly_fields = ["uses", "download", "withdrawal"]

    def get_fieldsets(self, request: HttpRequest, obj: Document | None = None) -> Any:
        if obj and obj.is_hidden:
            return [(None, {"fields": ["withdrawal", "title", "kind_and_size", "uses"]})]
        return [(None, {"fields": ["upload", "title"] if obj is None else ["title", "download", "uses"]})]

    @admin.display(description=_("kind and size"))
    def kind_and_size(self, document: Document) -> str:
        return document.kind_and_size

    @admin.display(description=_("file"))
    def download(self, document: Document) -> str:
        """Return a link to the file."""
        return format_html(
            '<a href="{}">{}</a> ({})', document.download_url, document.file_name, document.kind_and_size
        )
