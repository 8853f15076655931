"""The page on which organisers ask to send a mailing, and the steps that they can take after that."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST

from campaign.approvals.models import ApprovalRequest
from campaign.audit.acts import Act
from campaign.editing.admin import VersionedAdmin
from campaign.editing.base import name_of
from campaign.editing.conflicts import edition_of
from campaign.mailings.admin.forms import SendForm
from campaign.mailings.approvals import MAY_SEND, RESUME, SEND, audience_in_words
from campaign.mailings.findings import in_the_inbox, in_the_text
from campaign.mailings.models import Mailing
from campaign.mailings.models.content import NO_SENDER
from campaign.mailings.sources import count
from campaign.modeladmin import organiser
from campaign.versions.problems import problems

# The steps that take one press, and what the site says after each.
STEPS = {
    "pause": lazy("Paused. Nobody else will get it until you resume it."),
    "resume": lazy("Resumed. The rest is now being sent."),
    "stop": lazy("Stopped for good. Nobody else will get it."),
    "withdraw": lazy("Called off. It is a draft again."),
}


class SendingAdmin(VersionedAdmin):
    """Sending instead of publishing: one organiser asks, and another approves."""

    def pages(self) -> dict[str, tuple[str, Any]]:
        """Replace the pages for publishing with those for sending, and add the steps that follow."""
        pages = super().pages()
        del pages["cancel"]
        return pages | {
            "publish": ("<path:object_id>/send/", self.publish_view),
            "step": ("<path:object_id>/step/", self.step_view),
            "copy": ("<path:object_id>/copy/", self.copy_view),
        }

    def publish_now(self, request: HttpRequest, row: Any) -> HttpResponse:
        """Redirect to the page that asks when to send the draft."""
        return redirect(self.address("publish", row.pk))

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the draft's audience and the findings about it; a POST drafts a request for approval."""
        row = self.to_change(request, object_id)
        if not request.user.has_perm(MAY_SEND):
            raise PermissionDenied
        missing = problems(row)
        people = 0 if missing else count(row)
        form = SendForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and people and form.is_valid():
            return redirect(
                "admin:approvals_approvalrequest_change", self._draft_request(request, row, people, form).pk
            )
        context = self.page(request, row, _("Send: %(title)s") % {"title": name_of(row)}) | {
            **{"form": form, "problems": missing, "people": people, "audience": audience_in_words(row)},
            "findings": [*in_the_inbox(row), *in_the_text(row)],
            "preview_url": self.address("preview", row.pk),
            "no_sender": NO_SENDER,
            "settings_url": _settings_url(request),
        }
        return render(request, "admin/mailings/send.html", context)

    def _draft_request(self, request: HttpRequest, row: Mailing, people: int, form: SendForm) -> ApprovalRequest:
        begins = form.cleaned_data["send_at"]
        return ApprovalRequest.draft(
            SEND,
            organiser(request),
            about=row,
            subject=str(row.pk),
            people=people,
            edition=edition_of(row),
            send_at=begins.isoformat() if begins else "",
        )

    @method_decorator(require_POST)
    @transaction.atomic
    def step_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Pause, resume, stop or call off a mailing, or ask a second organiser to resume one that the site halted."""
        row, step = self.found(request, object_id), request.POST.get("step", "")
        if step not in STEPS or not request.user.has_perm(MAY_SEND):
            raise PermissionDenied
        row = Mailing.objects.select_for_update(no_key=True, of=("self",)).get(pk=row.pk)
        if step == "resume" and row.state == Mailing.State.HALTED:
            draft = ApprovalRequest.draft(RESUME, organiser(request), about=row, subject=str(row.pk))
            return redirect("admin:approvals_approvalrequest_change", draft.pk)
        if step == "stop" and "really" not in request.POST:
            return render(request, "admin/mailings/stop.html", self.page(request, row, _("Stop this mailing?")))
        if self._may(row, step) and getattr(row, step)(organiser(request)):
            self.message_user(request, STEPS[step], messages.SUCCESS)
        else:
            self.message_user(
                request, _("Nothing was changed: the mailing was already in a different state."), messages.WARNING
            )
        return redirect(self.address("change", row.pk))  # nosemgrep: hub-redirect-to-request - a page of the admin

    def _may(self, row: Mailing, step: str) -> bool:
        """Return whether the mailing's state allows this step. A request for approval is cancelled on its own page."""
        return step != "withdraw" or row.state == Mailing.State.SCHEDULED

    @method_decorator(require_POST)
    @transaction.atomic
    def copy_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Copy a mailing, as it was sent, into a new draft."""
        row = self.found(request, object_id)
        if not self.has_add_permission(request):
            raise PermissionDenied
        copy = copy_of(row.as_sent())
        self.audit(request, Act.ADD, copy)
        self.message_user(request, _("This is a copy. The original has not changed."), messages.SUCCESS)
        return redirect(self.address("change", copy.pk))


def _settings_url(request: HttpRequest) -> str:
    """Return the address of the form that says who is responsible for the site, or "" if they may not change it."""
    if not request.user.has_perm("pages.change_sitesettings"):
        return ""
    return reverse("admin:pages_sitesettings_changelist") + "#id_publisher_name"  # redirects to the form


def copy_of(mailing: Mailing) -> Mailing:
    """Save a new draft with the words, audience and blocks of a mailing, and return it."""
    names = ("subject", "preheader", "language", "audience", "region", "constituency", "tag")
    copy = Mailing.objects.create(**{name: getattr(mailing, name) for name in names})
    for block in mailing.blocks():
        own = {field.name: getattr(block, field.name) for field in block._meta.concrete_fields if not field.primary_key}
        type(block)(**own | {"parent": copy}).save()
    return copy
