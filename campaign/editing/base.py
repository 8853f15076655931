"""The base of the editor's admin: addresses, and the lookup of the object that an address names."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from campaign.modeladmin import HubModelAdmin
from campaign.versions.versioned import Versioned


class EditorAdmin(HubModelAdmin):
    """The base class of the editor's parts, each of which adds its own pages."""

    def pages(self) -> dict[str, tuple[str, Any]]:
        """Return this part's pages: the end of the address and the view, by name."""
        return {}

    def get_urls(self) -> list[URLPattern]:
        """Add the pages, behind the admin's sign-in. Pages without a key come first: any word may be a key."""
        routes = sorted(self.pages().items(), key=lambda item: item[1][0].startswith("<"))
        own = [path(end, self.admin_site.admin_view(view), name=self._url_name(name)) for name, (end, view) in routes]
        return [*own, *super().get_urls()]

    def address(self, name: str, *args: Any) -> str:
        """Return the address of one of this model's pages in the admin."""
        return reverse(f"admin:{self._url_name(name)}", args=args)

    def found(self, request: HttpRequest, object_id: str) -> Any:
        """Return the object that an address names, if this organiser may see it. Raises Http404 or PermissionDenied."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        return row

    def to_change(self, request: HttpRequest, object_id: str) -> Any:
        """Return the object that an address names, if this organiser may change it. Raises as `found` does."""
        row = self.found(request, object_id)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        return row

    def page(self, request: HttpRequest, row: Versioned | None, title: str) -> dict[str, Any]:
        """Return the context that every page about an object needs."""
        return self.admin_site.each_context(request) | {
            **{"title": title, "opts": self.opts, "original": row, "name": name_of(row)},
            "list_url": self.address("changelist"),
            "form_url": self.address("change", row.pk) if row else "",
        }

    def _url_name(self, name: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"


def name_of(row: Versioned | None) -> str:
    """Return an object's name, or "(no title)" for a draft without a name, because links need some text."""
    return str(row or "") or _("(no title)")
