"""Keeping unsaved text every few seconds, and showing who else is editing."""

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaign.editing.base import EditorAdmin
from campaign.editing.conflicts import edition_of
from campaign.editing.models import Presence, TooLongError, WorkingCopy
from campaign.modeladmin import organiser


def form_id_of(request: HttpRequest) -> UUID:
    """Return the id of the posted form. Raises BadRequest if it has none."""
    form_id = as_uuid(request.POST.get("form_id", ""))
    if form_id is None:
        raise BadRequest("This form has no id.")
    return form_id


def as_uuid(text: str) -> UUID | None:
    """Return the text as a UUID, or None if it isn't a UUID."""
    try:
        return UUID(text)
    except ValueError:
        return None


class WorkingCopyAdmin(EditorAdmin):
    """The part of the editor that keeps unsaved text and records who has a form open."""

    def pages(self) -> dict[str, tuple[str, Any]]:
        """Add the addresses that the editor's script posts to."""
        return super().pages() | {
            "keep": ("<path:object_id>/keep/", self.keep_view),
            "keep_new": ("add/keep/", self.keep_view),
            "presence": ("<path:object_id>/presence/", self.presence_view),
            "discard": ("<path:object_id>/discard/", self.discard_view),
            "discard_new": ("add/discard/", self.discard_view),
        }

    @method_decorator(require_POST)
    def keep_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """Keep the form's text; respond with the time, the other editors and the newest edition."""
        row = self.may_edit(request, object_id)
        about = self.about(row)
        try:
            WorkingCopy.keep(form_id_of(request), organiser(request), request.POST, **about)
        except TooLongError as error:
            raise BadRequest("This form holds too much text.") from error
        kept = time_format(timezone.localtime(), "H:i:s")
        return JsonResponse({"kept": _("Kept at %(time)s") % {"time": kept}} | self._state(request, row, about))

    @method_decorator(require_POST)
    def presence_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """Note that the form is still open; respond with the other editors and the newest edition."""
        row = self.may_edit(request, object_id)
        return JsonResponse(self._state(request, row, self.about(row)))

    @method_decorator(require_POST)
    def discard_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """Delete a form's unsaved text at the organiser's request."""
        row = self.may_edit(request, object_id)
        WorkingCopy.objects.of(organiser(request)).filter(form_id=form_id_of(request)).delete()
        return redirect(self.address("change", row.pk) if row else self.address("add"))

    def may_edit(self, request: HttpRequest, object_id: str | None) -> Any:
        """Return the object that the form edits, or None for a new one. Raises Http404 or PermissionDenied."""
        if object_id:
            return self.to_change(request, object_id)
        if not self.has_add_permission(request):
            raise PermissionDenied
        return None

    def about(self, row: Any) -> dict[str, Any]:
        """Return the fields of `OpenForm` that identify the object a form edits; `row` is None for a new object."""
        return {"model": self.model._meta.label_lower, "object_id": row.pk if row else None}

    def copy_to_show(self, request: HttpRequest, row: Any) -> WorkingCopy | None:
        """Return the unsaved text named in the address, if this organiser typed it into a form for this object."""
        form_id = as_uuid(request.GET.get("copy", ""))
        return WorkingCopy.objects.of(organiser(request)).filter(form_id=form_id, **self.about(row)).first()

    def _state(self, request: HttpRequest, row: Any, about: dict[str, Any]) -> dict[str, Any]:
        Presence.note(form_id_of(request), organiser(request), **about)
        return {"edition": edition_of(row), "others": editors_in_words(self.model, row, request)}


def editors_in_words(model: Any, row: Any, request: HttpRequest) -> str:
    """Return "Ada and Ruth are editing this too.", or "" if nobody else is."""
    names = Presence.objects.names_of_others(model, row.pk, organiser(request)) if row else []
    if not names:
        return ""
    if len(names) == 1:
        return _("%(name)s is editing this too.") % {"name": names[0]}
    return _("%(names)s and %(name)s are editing this too.") % {"names": ", ".join(names[:-1]), "name": names[-1]}


def new_form_id() -> str:
    """Return an id for a form that is about to be shown."""
    return str(uuid4())
