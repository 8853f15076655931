"""The admin of content with versions: drafts, previews, publishing and history."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db import IntegrityError, transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from campaign.editing.comparing import compare
from campaign.editing.conflicts import edition_of, is_stale, on_top_of
from campaign.editing.drafts import formsets_may_be_incomplete, may_be_incomplete, never_saved, shown_only
from campaign.editing.history import HistoryAdmin
from campaign.editing.models import WorkingCopy
from campaign.editing.previewing import PreviewAdmin
from campaign.editing.previews import taken_back
from campaign.editing.publishing import PublishingAdmin
from campaign.editing.states import in_one_word, state_of
from campaign.editing.working_copies import editors_in_words, form_id_of, new_form_id
from campaign.modeladmin import organiser
from campaign.versions.versioned import Versioned


class VersionedAdmin(PreviewAdmin, PublishingAdmin, HistoryAdmin):
    """Content whose rows are the draft: saving changes nothing for visitors, publishing does."""

    change_form_template = "admin/editing/change_form.html"
    change_list_template = "admin/editing/change_list.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.with_state()

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: Versioned) -> str:
        """Return what visitors see of it, in a word or two."""
        return in_one_word(row)

    # --- The form of a draft

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[ModelForm]:
        form = super().get_form(request, obj, change, **kwargs)
        may_be_incomplete(form, self.model.facts)
        return never_saved(request, form)

    def get_formsets_with_inlines(self, request: HttpRequest, obj: Any = None) -> Iterator[Any]:
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            is_draft = formset.get_default_prefix() in self.model.part_names()
            yield formsets_may_be_incomplete(formset) if is_draft else formset, inline

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show or save the draft. What has changed since the form was made is never overwritten silently."""
        context = extra_context or {}
        if request.method == "POST" and not hasattr(request, "shows_only"):
            return self._save(request, object_id, form_url, context)
        copy = self.copy_to_show(request) if request.method == "GET" else None
        if copy:
            context |= {"edition": copy.edition, "form_id": copy.form_id, "is_restored": True}
            request = shown_only(request, copy.as_post())
        return super().changeform_view(request, object_id, form_url, context)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add the form's id and edition, the object's state, who else is editing, and text that was not saved."""
        row = context.get("original")
        new = {
            "form_id": request.POST.get("form_id") or new_form_id(),
            "edition": request.POST.get("edition") or edition_of(row),
            "state": state_of(row) if row else None,
            "others": editors_in_words(self.model, row, request),
            "unsaved": None if request.method == "POST" else self._unsaved(request, row),
            "urls": self._urls(row),
        }
        return super().render_change_form(request, new | context, *args, **kwargs)

    def _save(
        self, request: HttpRequest, object_id: str | None, form_url: str, context: dict[str, Any]
    ) -> HttpResponse:
        """Save the draft, unless it has changed since the form was made: then show what changed."""
        try:
            with transaction.atomic():
                row = self._locked(request, object_id) if object_id else None
                if row and is_stale(row, request.POST) and not hasattr(request, "preview"):
                    return self._show_conflict(request, row, form_url, context)
                return super().changeform_view(request, object_id, form_url, context)
        except IntegrityError:  # two clicks: the other one has just saved the same
            return super().changeform_view(request, object_id, form_url, context)

    def _locked(self, request: HttpRequest, object_id: str) -> Any:
        row = self.get_object(request, object_id)
        return row and self.model._base_manager.select_for_update().get(pk=row.pk)

    def _show_conflict(self, request: HttpRequest, row: Any, form_url: str, context: dict[str, Any]) -> HttpResponse:
        """Show what was typed, on top of what somebody else has saved, with both side by side."""
        theirs = row.freeze()
        mine = on_top_of(row, request.POST)
        content = self._content_of_form(request, row, mine) or theirs
        fields, parts = compare(self.model, theirs, content)
        context |= {"edition": edition_of(row), "conflict": {"fields": fields, "parts": parts}}
        shown = shown_only(request, mine)
        response = super().changeform_view(shown, str(row.pk), form_url, context)
        response.status_code = 409
        return response

    def _content_of_form(self, request: HttpRequest, row: Any, post: Any) -> Any:
        """Return what a version would hold if the form were saved; None if it has errors."""
        found: list[Any] = []

        def save() -> HttpResponse:
            saved = self.saved(request, str(row.pk), post)
            if isinstance(saved, Versioned):
                found.append(saved.freeze())
            return HttpResponse()

        taken_back(save)
        return found[0] if found else None

    # --- Unsaved text

    def _unsaved(self, request: HttpRequest, row: Any) -> WorkingCopy | None:
        """Return what this organiser typed after the object was last saved."""
        copy = WorkingCopy.objects.newest(self.model, row.pk if row else None, organiser(request))
        return copy if copy and (row is None or copy.saved_at > row.updated_at) else None

    def _urls(self, row: Any) -> dict[str, str]:
        """Return the addresses that the editor's script and buttons use."""
        if row is None:
            return {name: self.address(f"{name}_new") for name in ("keep", "preview", "discard")}
        names = ("keep", "presence", "preview", "discard", "publish", "history", "compare")
        return {name: self.address(name, row.pk) for name in names}

    def _forget(self, request: HttpRequest) -> None:
        WorkingCopy.objects.of(organiser(request)).filter(form_id=form_id_of(request)).delete()

    # --- After saving

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self._response(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._response(request, obj) or super().response_change(request, obj)

    def _response(self, request: HttpRequest, row: Any) -> HttpResponse | None:
        if hasattr(request, "preview"):
            request.preview.append(row)
            return HttpResponse()
        if "form_id" in request.POST:
            self._forget(request)
        return self.publish_now(request, row) if "_publish" in request.POST else None
