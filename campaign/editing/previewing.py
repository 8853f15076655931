"""The preview: the text on the screen, saved or not, as visitors would see it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaign.editing.drafts import shown_only
from campaign.editing.previews import as_shared, as_visitors_see, framed, make_token, rolled_back
from campaign.editing.working_copies import WorkingCopyAdmin, form_id_of
from campaign.versions.versioned import Versioned


class PreviewAdmin(WorkingCopyAdmin):
    """Previews, and links to the saved draft for people without an account."""

    def pages(self) -> dict[str, tuple[str, Any]]:
        """Add the preview, and the pages in its frames: the content itself and, if it has one, its card."""
        pages = {
            "preview": ("<path:object_id>/preview/", self.preview_view),
            "preview_page": ("<path:object_id>/preview/page/", self.preview_page_view),
            "preview_new": ("add/preview/", self.preview_view),
            "preview_new_page": ("add/preview/page/", self.preview_page_view),
        }
        card = {
            "preview_card": ("<path:object_id>/preview/card/", self.preview_card_view),
            "preview_new_card": ("add/preview/card/", self.preview_card_view),
        }
        return super().pages() | pages | (card if self.has_card else {})

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    @method_decorator(csp_replace({"frame-src": [SELF]}))
    def preview_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """Show the preview at several widths. A POST keeps the text on the screen, then redirects to its preview."""
        name = "preview" if object_id else "preview_new"
        args = [object_id] if object_id else []
        if request.method == "POST":
            self.keep_view(request, object_id)
            return redirect(f"{self.address(name, *args)}?copy={form_id_of(request)}")
        row = self._shown(request, object_id)[0]
        context = self.page(request, row, _("Preview")) | {
            "page_url": f"{self.address(f'{name}_page', *args)}?{request.GET.urlencode()}",
            "card_url": f"{self.address(f'{name}_card', *args)}?{request.GET.urlencode()}" if self.has_card else "",
            "link": request.build_absolute_uri(reverse("draft", args=[make_token(row)])) if row else "",
        }
        return render(request, "admin/editing/preview.html", context)

    @method_decorator(require_safe)
    def preview_page_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """Show the page itself as visitors would see it, with the unsaved text or the saved draft."""
        return self._framed(request, object_id, partial(as_visitors_see, request))

    @method_decorator(require_safe)
    def preview_card_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """Show the card that a message with a link to the page would show."""
        return self._framed(request, object_id, partial(as_shared, request))

    @property
    def has_card(self) -> bool:
        """Return whether a message with a link to this kind of content shows a card."""
        return hasattr(self.model, "share_card")

    def _framed(self, request: HttpRequest, object_id: str | None, show: Callable[[Any], HttpResponse]) -> HttpResponse:
        """Return the response of `show` for the unsaved text named in the address, or for the saved draft."""
        row, copy = self._shown(request, object_id)

        def answer() -> HttpResponse:
            saved = self.saved(request, object_id, copy.as_post()) if copy else row
            return show(saved) if isinstance(saved, Versioned) else self._no_preview(request, saved)

        return framed(rolled_back(answer))

    def _shown(self, request: HttpRequest, object_id: str | None) -> tuple[Any, Any]:
        """Return the row and the unsaved text named in the address. Raises Http404 if neither exists."""
        row = self.found(request, object_id) if object_id else self.may_edit(request, None)
        copy = self.copy_to_show(request, row)
        if row is None and copy is None:
            raise Http404
        return row, copy

    def saved(self, request: HttpRequest, object_id: str | None, post: Any) -> Any:
        """Save a form; return the object, or the response if the form has errors. Call this within `rolled_back`."""
        posted: Any = shown_only(request, post)
        del posted.shows_only
        posted.preview = []
        posted._messages = FallbackStorage(posted)  # nobody sees its messages
        response = self.changeform_view(posted, object_id)
        return posted.preview[0] if posted.preview else response

    def _no_preview(self, request: HttpRequest, response: Any) -> HttpResponse:
        """Return a page that says why there is no preview."""
        errors = response.context_data.get("errors", [])
        return render(request, "admin/editing/no_preview.html", {"errors": errors})
