"""Withdrawing a picture or a document that puts somebody in danger, even if old versions still show the file."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.approvals.kinds import Kind, Request, kind
from campaign.approvals.models import ApprovalRequest
from campaign.audit.acts import Act
from campaign.audit.log import record
from campaign.media.models import Document, Picture, library_file
from campaign.media.uses import uses_of
from campaign.modeladmin import organiser
from campaign.privacy import erasures

WITHDRAW = "media.withdraw"
MAX_USES = 7


@kind(WITHDRAW)
class Withdrawal(Kind):
    """The deletion of a file's contents. The file is hidden on request, and shown again if the request is refused.

    The subject is the file's key. Its title isn't repeated in the request, because it may name the person in danger.
    """

    label = gettext_lazy("Withdraw this file")
    warning = gettext_lazy(
        "As soon as you request this, visitors can’t open the file, and pages say that it is no longer shown. A day "
        "after a second organiser has approved, its contents are deleted and cannot be recovered. Somebody who has "
        "seen it may still have a copy, and so may other sites that show our links."
    )
    nobody = gettext_lazy("This file has already been hidden or withdrawn.")
    permission = "media.withdraw_file"
    always_second = True
    counts_people = False

    def people(self, request: Request) -> int:
        """Return 1, or 0 if the file is hidden already, or has been deleted."""
        file = library_file(request.subject)
        return 1 if file and not file.is_hidden else 0

    def settle(self, request: Request) -> int:
        """Lock the file, so that two requests can't both hide it."""
        for model in (Picture, Document):
            if file := model.objects.select_for_update().filter(key=request.subject).first():
                return 0 if file.is_hidden else 1
        return 0

    def sample(self, request: Request) -> list[str]:
        """Return a description of the file, and the places that use it."""
        file = library_file(request.subject)
        if file is None:
            return []
        added = date_format(timezone.localtime(file.added_at), "j F Y")
        about = [str(file), getattr(file, "alternative_text", ""), _("added on %(day)s") % {"day": added}]
        return [" · ".join(filter(None, about)), *(use.text for use in uses_of(file)[:MAX_USES])]

    def page(self, request: Request) -> str:
        """Return the page of the file, or the list of pictures if the file has been deleted."""
        file = library_file(request.subject)
        return page_of(file) if file else reverse("admin:media_picture_changelist")

    def hide(self, request: Request) -> None:
        if file := library_file(request.subject):
            file.hide(timezone.now())

    def restore(self, request: Request) -> None:
        if file := library_file(request.subject):
            file.show()

    def act(self, request: Request) -> None:
        """Delete the contents, unless the row has been deleted since."""
        if file := library_file(request.subject):
            file.withdraw(request.reason, timezone.now())
            erasures.record(erasures.Erasure(timezone.now(), "file", file.key, erasures.NOBODY))
            record(None, Act.WITHDRAW_FILE, file, request=request.pk)


def page_of(file: Picture | Document) -> str:
    """Return the address of a file's admin page."""
    return reverse(f"admin:media_{file._meta.model_name}_change", args=[file.pk])


def ask(request: HttpRequest, key: str) -> HttpResponse:
    """Draft a request about the file with this key, and redirect to the request. Raises PermissionDenied or Http404."""
    if not request.user.has_perm(Withdrawal.permission):
        raise PermissionDenied
    file = library_file(key)
    if file is None:
        raise Http404
    about = f"{capfirst(file._meta.verbose_name)} {file.pk}"
    draft = ApprovalRequest.draft(WITHDRAW, organiser(request), about=about, subject=key)
    return redirect("admin:approvals_approvalrequest_change", draft.pk)


@erasures.repeats("file")
def repeat_withdrawal(erasure: erasures.Erasure) -> bool:
    """Withdraw a picture or a document again; return whether this was necessary."""
    file = library_file(erasure.about)
    if file is None or file.withdrawn_at:
        return False
    file.withdraw(_("Withdrawn again after a backup was restored"), erasure.at)
    return True
