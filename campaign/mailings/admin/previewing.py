"""The preview of a mailing, as HTML and as plain text, and a test to the organiser's own address."""

from functools import partial
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.models import OrganiserAddress
from campaign.editing.admin import VersionedAdmin
from campaign.editing.working_copies import form_id_of
from campaign.mailings.models import Mailing, TestMessage
from campaign.mailings.models.test_message import MAX_TESTS
from campaign.mailings.rendering import as_example, compose, opening
from campaign.modeladmin import organiser

# A message needs styles inside its text. So it is a page of its own, in a frame that may use styles and nothing
# else. django-csp doesn't replace a header that is already there.
OWN_RULES = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; form-action 'none'; base-uri 'none'"


class MailPreviewAdmin(VersionedAdmin):
    """Previews and tests of mailings. Once a mailing has been submitted, they show the version that is sent."""

    def pages(self) -> dict[str, tuple[str, Any]]:
        """Add a frame for the plain text. Leave out the card for shared links: a message has no address to share."""
        return super().pages() | {
            "preview_text": ("<path:object_id>/preview/text/", self.preview_text_view),
            "preview_new_text": ("add/preview/text/", self.preview_text_view),
        }

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    @method_decorator(csp_replace({"frame-src": [SELF]}))
    def preview_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """Show the message in frames. A POST keeps the unsaved text and redirects to its preview."""
        name, args = ("preview", [object_id]) if object_id else ("preview_new", [])
        if request.method == "POST":
            self.keep_view(request, object_id)
            return redirect(f"{self.address(name, *args)}?copy={form_id_of(request)}")
        row = self._shown(request, object_id)[0]
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        context = self.page(request, row, _("Preview")) | {
            "page_url": self.address(f"{name}_page", *args) + query,
            "text_url": self.address(f"{name}_text", *args) + query,
            "is_draft": row is None or row.is_editable,
        }
        return render(request, "admin/mailings/preview.html", context)

    @method_decorator(require_safe)
    def preview_page_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """Show the message itself: the unsaved text, the saved draft or the version that is sent."""
        return self._framed(request, object_id, as_html)

    @method_decorator(require_safe)
    def preview_text_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """Show the plain text of the message."""
        return self._framed(request, object_id, partial(as_text, request))

    def send_test(self, request: HttpRequest, row: Mailing) -> None:
        """Send the saved draft to the organiser's own address, and confirm that on the page."""
        if not OrganiserAddress.objects.filter(organiser=organiser(request)).exists():
            text = _("Your account has no e-mail address, so no test can be sent. Ask an owner to add one.")
            self.message_user(request, text, messages.WARNING)
        elif TestMessage.request(row, organiser(request), timezone.now()):
            self.message_user(request, _("A test is on its way to your address."), messages.SUCCESS)
        else:
            text = _("You have sent yourself %(count)s tests within an hour. Wait a while, or use the preview.")
            self.message_user(request, text % {"count": MAX_TESTS}, messages.WARNING)


def as_html(mailing: Mailing) -> HttpResponse:
    """Return the message as a page."""
    shown = mailing.as_sent()
    return HttpResponse(as_example(shown, compose(shown)).html, headers={"Content-Security-Policy": OWN_RULES})


def as_text(request: HttpRequest, mailing: Mailing) -> HttpResponse:
    """Return a page with the subject, the first line and the plain text of the message."""
    shown = mailing.as_sent()
    composed = as_example(shown, compose(shown))
    context = {"mailing": shown, "composed": composed, "opening": opening(shown)}
    response = render(request, "admin/mailings/text.html", context)
    response["Content-Security-Policy"] = OWN_RULES
    return response
