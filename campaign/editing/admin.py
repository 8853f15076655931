"""The admin for content with versions: drafts, previews, publishing and history."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db import IntegrityError, transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from campaign.editing.comparing import compare
from campaign.editing.conflicts import edition_of, is_stale, on_top_of
from campaign.editing.drafts import formsets_may_be_incomplete, may_be_incomplete, never_saved, shown_only
from campaign.editing.history import HistoryAdmin
from campaign.editing.models import Presence, WorkingCopy, digest_of
from campaign.editing.previewing import PreviewAdmin
from campaign.editing.previews import rolled_back
from campaign.editing.publishing import PublishingAdmin
from campaign.editing.states import in_one_word, state_of
from campaign.editing.working_copies import as_uuid, editors_in_words, new_form_id
from campaign.modeladmin import organiser
from campaign.versions.versioned import Versioned


class VersionedAdmin(PreviewAdmin, PublishingAdmin, HistoryAdmin):
    """The admin for content whose rows are the draft. Visitors see a change only once it is published."""

    change_form_template = "admin/editing/change_form.html"
    change_list_template = "admin/editing/change_list.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.with_state()

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: Versioned) -> str:
        """Return the draft's state in a word or two, such as "published"."""
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
        """Show or save the draft. A save never silently overwrites changes made since the form was opened."""
        context = extra_context or {}
        if request.method == "POST" and not hasattr(request, "shows_only"):
            return self._save(request, object_id, form_url, context)
        copy = self._copy_to_show(request, object_id) if "copy" in request.GET else None
        if copy:
            context |= {"edition": copy.edition, "form_id": copy.form_id, "is_restored": True}
            request = shown_only(request, copy.as_post())
        return super().changeform_view(request, object_id, form_url, context)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add the form's id and edition, the object's state, who else is editing, and any unsaved text."""
        row = context.get("original")
        may_edit = self.has_change_permission(request, row) if row else self.has_add_permission(request)
        new = {
            "may_edit": may_edit,
            "is_unsaved": request.method == "POST" and "is_restored" not in context,
            "form_id": request.POST.get("form_id") or new_form_id(),
            "edition": request.POST.get("edition") or edition_of(row),
            "state": state_of(row) if row else None,
            "others": editors_in_words(self.model, row, request),
            "unsaved": WorkingCopy.objects.newest(self.model, row.pk if row else None, organiser(request))
            if may_edit and request.method != "POST"
            else None,
            "urls": self._urls(row),
            "request_url": self.joint.request_about(row) if row else "",
        }
        return super().render_change_form(request, new | context, *args, **kwargs)

    def _save(
        self, request: HttpRequest, object_id: str | None, form_url: str, context: dict[str, Any]
    ) -> HttpResponse:
        """Save the draft or, if it has changed since the form was opened, show what changed."""
        if hasattr(request, "preview"):
            return super().changeform_view(request, object_id, form_url, context)
        try:
            with transaction.atomic():
                form = self._locked_form(request, object_id)
                if form and form.saved == digest_of(request.POST):  # a second click
                    return redirect(self.address("change", form.object_id))
                if form and form.saved and object_id is None:  # Back was pressed after a new object was saved
                    object_id = str(form.object_id)
                row = self._locked(request, object_id) if object_id else None
                if row and is_stale(row, request.POST):
                    return self._show_conflict(request, row, form_url, context)
                return super().changeform_view(request, object_id, form_url, context)
        except IntegrityError:  # another object has just taken the same web address, as the form then says
            return super().changeform_view(request, object_id, form_url, context)

    def _locked(self, request: HttpRequest, object_id: str) -> Any:
        """Lock the object until the transaction ends, and return it, or None if it doesn't exist."""
        row = self.get_object(request, object_id)
        return row and self.model._base_manager.select_for_update(no_key=True).filter(pk=row.pk).first()

    def _locked_form(self, request: HttpRequest, object_id: str | None) -> Presence | None:
        """Lock and return the posted form's row, or None if its id is missing or belongs to another model's form."""
        form_id, row = as_uuid(request.POST.get("form_id", "")), None
        if object_id:
            row = self.get_object(request, object_id)
        form = Presence.locked(form_id, organiser(request), **self.about(row)) if form_id else None
        return form if form and form.model == self.model._meta.label_lower else None

    def _show_conflict(self, request: HttpRequest, row: Any, form_url: str, context: dict[str, Any]) -> HttpResponse:
        """Show what was typed and what somebody else has saved, side by side, with status 409."""
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
        """Return the content that a version would have if the form were saved, or None if the form has errors."""
        found: list[Any] = []

        def save() -> HttpResponse:
            saved = self.saved(request, str(row.pk), post)
            if isinstance(saved, Versioned):
                found.append(saved.freeze())
            return HttpResponse()

        rolled_back(save)
        return found[0] if found else None

    # --- Unsaved text

    def _copy_to_show(self, request: HttpRequest, object_id: str | None) -> WorkingCopy | None:
        return self.copy_to_show(request, self.may_edit(request, object_id)) if request.method == "GET" else None

    def _urls(self, row: Any) -> dict[str, str]:
        """Return the addresses that the editor's script and buttons use."""
        if row is None:
            return {name: self.address(f"{name}_new") for name in ("keep", "preview", "discard")}
        names = ("keep", "presence", "preview", "discard", "publish", "history", "compare")
        return {name: self.address(name, row.pk) for name in names}

    def _note_saved(self, request: HttpRequest, row: Any) -> None:
        """Delete the form's unsaved text, and note what the form has saved."""
        form_id = as_uuid(request.POST.get("form_id", ""))
        if form_id is None:
            return
        WorkingCopy.objects.of(organiser(request)).filter(form_id=form_id).delete()
        form = Presence.objects.filter(form_id=form_id, organiser=organiser(request)).first()
        if form:
            form.note_saved(row.pk, digest_of(request.POST))

    # --- After saving

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self._response(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._response(request, obj) or super().response_change(request, obj)

    def _response(self, request: HttpRequest, row: Any) -> HttpResponse | None:
        if hasattr(request, "preview"):
            request.preview.append(row)
            return HttpResponse()
        self._note_saved(request, row)
        if "_schedule" in request.POST:
            return redirect(self.address("publish", row.pk))
        return self.publish_now(request, row) if "_publish" in request.POST else None
