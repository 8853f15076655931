"""The history of an object: listing, comparing and restoring its versions, and bringing back deleted objects."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.audit.acts import Act
from campaign.editing.base import EditorAdmin, name_of
from campaign.editing.comparing import compare
from campaign.modeladmin import organiser
from campaign.versions.freezing import Content, upgraded
from campaign.versions.models import Version
from campaign.versions.restoring import NotRestorableError, bring_back, restore
from campaign.versions.versioned import Versioned

MAX_VERSIONS = 200
DRAFT = "draft"


class HistoryAdmin(EditorAdmin):
    """The pages on which organisers view, compare and restore versions."""

    def pages(self) -> dict[str, tuple[str, Any]]:
        """Add the pages that compare and restore, and the list of deleted objects. Django adds the history page."""
        return super().pages() | {
            "compare": ("<path:object_id>/compare/", self.compare_view),
            "restore": ("<path:object_id>/restore/<int:number>/", self.restore_view),
            "deleted": ("deleted/", self.deleted_view),
        }

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """List an object's versions, newest first."""
        row = self.found(request, object_id)
        versions = Version.objects.of(type(row), row.pk).select_related("cancellation")[:MAX_VERSIONS]
        live = Version.objects.live(type(row), row.pk, timezone.now()).first()
        context = self.page(request, row, _("History: %(title)s") % {"title": name_of(row)})
        return render(request, "admin/editing/history.html", context | {"versions": versions, "live": live})

    @method_decorator(require_safe)
    def compare_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what changed between two versions, or between a version and the draft, word by word."""
        row = self.found(request, object_id)
        old, new = request.GET.get("old", ""), request.GET.get("new", DRAFT)
        fields, parts = compare(type(row), self._content(row, old), self._content(row, new))
        context = self.page(request, row, _("What changed: %(title)s") % {"title": name_of(row)}) | {
            **{"old": old, "new": new, "fields": fields, "parts": parts},
            "versions": Version.objects.of(type(row), row.pk)[:MAX_VERSIONS],
            "may_restore": old != DRAFT and self.has_change_permission(request, row),
        }
        return render(request, "admin/editing/compare.html", context)

    @method_decorator(require_POST)
    @transaction.atomic
    def restore_view(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        """Make a version the draft again, and keep the current draft as a version."""
        row = self.to_change(request, object_id)
        restore(row, self._version(row, str(number)), organiser(request))
        self.audit(request, Act.RESTORE, row, version=number)
        text = _("Version %(number)s is the draft again. Visitors see it once you publish it.") % {"number": number}
        self.message_user(request, text, messages.SUCCESS)
        return redirect(self.address("change", row.pk))

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        """List deleted objects; a POST brings one back, hidden from visitors."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        deleted = Version.objects.newest_of_deleted(self.model)
        if request.method == "POST":
            return self._bring_back(request, deleted.filter(object_id=_number(request.POST.get("object_id"))).first())
        context = self.page(request, None, _("Deleted %(name)s") % {"name": self.opts.verbose_name_plural})
        return render(request, "admin/editing/deleted.html", context | {"versions": deleted[:MAX_VERSIONS]})

    def _bring_back(self, request: HttpRequest, version: Version | None) -> HttpResponse:
        if version is None:
            raise Http404
        try:
            with transaction.atomic():
                row = bring_back(self.model, version)
                self.audit(request, Act.BRING_BACK, row)
        except NotRestorableError as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect(self.address("deleted"))
        self.message_user(
            request, _("“%(title)s” is back. Visitors don’t see it yet.") % {"title": name_of(row)}, messages.SUCCESS
        )
        return redirect(self.address("change", row.pk))

    def delete_model(self, request: HttpRequest, obj: Versioned) -> None:
        """Delete the object, keep a version from which it can be brought back, and call off scheduled versions."""
        by, now = organiser(request), timezone.now()
        with transaction.atomic():
            obj.keep(by, _("Deleted"))
            for version in Version.objects.of(type(obj), obj.pk).scheduled(now):
                version.cancel(by, now)
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete the objects one by one, keeping a version of each."""
        for row in queryset:
            self.delete_model(request, row)

    def _content(self, row: Versioned, name: str) -> Content:
        if name == DRAFT:
            return row.freeze()
        version = self._version(row, name)
        return upgraded(row, version.content, version.schema)

    def _version(self, row: Versioned, number: str) -> Version:
        version = Version.objects.of(type(row), row.pk).filter(number=_number(number)).first()
        if version is None:
            raise Http404
        return version


def _number(text: str | None) -> int:
    """Return the number in a text. Raises Http404 if no row can have that number."""
    if not (text and text.isascii() and text.isdigit() and len(text) < 10):
        raise Http404
    return int(text)
