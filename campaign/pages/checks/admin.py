"""Checks in the admin: a list of findings above the form, with links to fields, and a button to save and check."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from campaign.pages.checks import links, structure, wording  # noqa: F401 - they register their checks
from campaign.pages.checks.drafts import draft_of
from campaign.pages.checks.findings import findings_in

BUTTON = "_check"
CHECKED = "checked"


class ChecksMixin:
    """A ModelAdmin whose form lists the checks' findings in the saved text. Findings never stop anybody from saving."""

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add the findings, unless the form is for a new object or shows text that could not be saved."""
        form = context["adminform"].form
        if form.instance.pk and not form.is_bound:
            context["findings"] = findings_in(draft_of(form, context["inline_admin_formsets"]))
            context["was_checked"] = CHECKED in request.GET
        context["can_be_checked"] = True
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]

    def response_add(self, request: HttpRequest, obj: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self._stay(request)
        return self._to_checks(request, super().response_add(request, obj, *args, **kwargs))  # type: ignore[misc]

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        self._stay(request)
        return self._to_checks(request, super().response_change(request, obj))  # type: ignore[misc]

    def _stay(self, request: HttpRequest) -> None:
        """Treat the button like Django's "Save and continue editing"."""
        if BUTTON in request.POST:
            answers = request.POST.copy()
            answers["_continue"] = "1"
            request.POST = answers  # type: ignore[assignment]

    def _to_checks(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if BUTTON in request.POST and isinstance(response, HttpResponseRedirect):
            parts = urlsplit(response.url)
            query = f"{parts.query}&{CHECKED}=1" if parts.query else f"{CHECKED}=1"
            response["Location"] = parts._replace(query=query, fragment="checks").geturl()
        return response
